// One process per data directory. A file says who has it; what a process has left behind that is no more does not count.
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { KasperError } from '@kasper/core'
import { errnoOf } from './errno.ts'

/** Who holds it may be about to end: it is asked for several times, with a pause. */
const ATTEMPTS = 10
const PAUSE_MS = 100

/** Directories of this process: a lock of one's own number may be that of one who had the number before. */
const ours = new Set<string>()

/** Takes the directory, or throws `DATA_UNUSABLE`. Resolves with what gives it back. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = `${directory}/lock`
  const mine = `${path}.${process.pid}`
  await writeFile(mine, `${process.pid} ${await startOf(process.pid)}\n`)
  let holder: string | undefined
  try {
    for (let i = 0; i < ATTEMPTS; i++) {
      try {
        // Either the file is there with all that it says, or it is not.
        await link(mine, path)
        ours.add(path)
        return async () => {
          ours.delete(path)
          await rm(path, { force: true })
        }
      } catch (error) {
        if (errnoOf(error) !== 'EEXIST') throw error
      }
      holder = await readFile(path, 'utf8').catch(() => undefined)
      if (ours.has(path)) break
      if (holder === undefined) continue
      if (await isAlive(holder)) await sleep(PAUSE_MS)
      else await removeStale(path, holder)
    }
  } finally {
    await rm(mine, { force: true })
  }
  const who = holder?.trim().split(' ')[0] ?? 'of another'
  const message = `${directory} is in use by process ${who}; end that one, or choose another data directory`
  throw new KasperError('DATA_UNUSABLE', message)
}

/** Two may find the same stale lock: the later one must not remove what the other has put there. */
async function removeStale(path: string, holder: string): Promise<void> {
  const aside = `${path}.stale.${process.pid}`
  await rename(path, aside).catch(() => {})
  const found = await readFile(aside, 'utf8').catch(() => undefined)
  if (found !== undefined && found !== holder) await link(aside, path).catch(() => {})
  await rm(aside, { force: true })
}

async function isAlive(holder: string): Promise<boolean> {
  const [pid, start] = holder.trim().split(' ')
  if (Number(pid) === process.pid) return start !== undefined && start === (await startOf(process.pid))
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    return errnoOf(error) === 'EPERM'
  }
  // The number may be another's by now.
  const now = await startOf(Number(pid))
  return start === undefined || now === '' || start === now
}

/** Something that tells processes of one number apart, where the system has it; `dead` for one that only waits to be forgotten. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return /^[ZX]/.test(fields[0]!) ? 'dead' : (fields[19] ?? '')
  } catch {
    return ''
  }
}
