// The build of every package. The `build` script of a package runs it in the package's folder. It builds the sources in `exports` and
// `bin` of package.json. Dependencies and peer dependencies are not bundled.
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
  deps: { onlyBundle: [] }, // fails if the sources import a dev dependency
  failOnWarn: true,
  logLevel: 'warn',
}

export default config
