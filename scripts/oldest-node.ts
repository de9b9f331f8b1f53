// The oldest Node that the packages support. Everything else runs on Node 24.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { runCommand } from './command.ts'
import { installOnce } from './services/installs.ts'

/** The newest release of that major version. */
export const OLDEST_NODE = '22.23.3'

/** The path of its program, from npm's package for this platform. Rejects if npm has none for this platform. */
export async function oldestNode(): Promise<string> {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const dir = await installOnce(`${name}-${OLDEST_NODE}`, async (unfinished) => {
    writeFileSync(join(unfinished, 'package.json'), '{"private":true}\n')
    const flags = ['--no-audit', '--no-fund', '--no-save', '--no-package-lock', '--ignore-scripts', '--loglevel=error']
    const install = ['npm', 'install', ...flags, '--prefix', unfinished, `${name}@${OLDEST_NODE}`]
    const { code, output } = await runCommand(install, { output: 'collect' })
    if (code !== 0) throw new Error(`could not install ${name}@${OLDEST_NODE} with npm: ${output}`)
  })
  const program = join(dir, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(program)) throw new Error(`npm's ${name}@${OLDEST_NODE} has no ${program}`)
  return program
}
