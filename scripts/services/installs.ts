import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { installs } from './folders.ts'

/**
 * Makes the folder `name` among the downloads, once: `fill` works in a folder beside it that takes the name only when all is
 * there, so an interrupted download is started over and two at a time do no harm.
 */
export async function installOnce(name: string, fill: (dir: string) => Promise<void>): Promise<string> {
  const dir = join(installs, name)
  if (existsSync(dir)) return dir
  await mkdir(installs, { recursive: true })
  const unfinished = await mkdtemp(`${dir}.unfinished-`)
  try {
    await fill(unfinished)
    await rename(unfinished, dir).catch((error: unknown) => {
      if (!existsSync(dir)) throw error // otherwise another launcher was faster, with the same result
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return dir
}
