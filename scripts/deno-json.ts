// node scripts/deno-json.ts: writes the deno.json of each package from its package.json. JSR reads deno.json.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The text of a package's deno.json. It has no dependencies, because Deno reads them from package.json. */
export function denoJson(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown> & { files: string[] }
  const { name, version, license, exports, files } = manifest
  const include = ['src', 'README.md', ...files.filter((file) => file !== 'dist')]
  const publish = { include, exclude: ['**/*.test.ts'] }
  return `${JSON.stringify({ name, version, license, exports, publish }, undefined, 2)}\n`
}

if (import.meta.main) {
  const packages = fileURLToPath(new URL('../packages', import.meta.url))
  for (const folder of globSync('*', { cwd: packages })) {
    if (!existsSync(join(packages, folder, 'package.json'))) continue
    writeFileSync(join(packages, folder, 'deno.json'), denoJson(join(packages, folder)))
  }
}
