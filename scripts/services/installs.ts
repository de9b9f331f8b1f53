import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { installs } from './folders.ts'

/**
 * Makes the folder `name` in the downloads, unless it exists. `fill` works in a temporary folder, which is renamed when it is
 * complete. So an interrupted download starts over, and two processes can download at once.
 */
export async function installOnce(name: string, fill: (dir: string) => Promise<void>): Promise<string> {
  const dir = join(installs, name)
  if (existsSync(dir)) return dir
  await mkdir(installs, { recursive: true })
  const unfinished = await mkdtemp(`${dir}.unfinished-`)
  try {
    await fill(unfinished)
    await rename(unfinished, dir).catch((error: unknown) => {
      if (!existsSync(dir)) throw error // if it exists, another launcher was faster, with the same result
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return dir
}
