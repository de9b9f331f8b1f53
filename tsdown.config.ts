// How every package is built: run in a package's folder, by its `build` script. Its package.json says what goes in
// (`exports` and `bin`, which point to the sources) and what stays outside (dependencies and peer dependencies).
import { readFileSync } from 'node:fs'
import type { UserConfig } from 'tsdown'

interface Manifest {
  readonly exports: Record<string, string>
  readonly bin?: Record<string, string>
}

const { exports, bin = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const sources = [...Object.values(exports), ...Object.values(bin)]

const config: UserConfig = {
  cwd: process.cwd(),
  entry: Object.fromEntries(sources.map((source) => [source.replace(/^\.\/src\/|\.ts$/g, ''), source])),
  format: 'esm',
  platform: 'node',
  fixedExtension: false, // .js and .d.ts
  sourcemap: true,
  dts: { oxc: true },
  deps: { onlyBundle: [] }, // a dev dependency that the sources import is a mistake
  failOnWarn: true,
  logLevel: 'warn',
}

export default config
