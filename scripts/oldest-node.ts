// The oldest Node that packages promise to run on, beside the one that runs everything else.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { runCommand } from './command.ts'
import { installOnce } from './services/installs.ts'

/** The newest of that line. */
export const OLDEST_NODE = '22.23.3'

/** Its program, from npm's package for this platform. Rejects where there is none. */
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
