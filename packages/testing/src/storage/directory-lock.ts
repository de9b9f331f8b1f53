// One process per data directory. A file says who has it; what a process has left behind that is no more does not count.
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { KasperError } from '@kasper/core'
import { errnoOf } from './errno.ts'

/** Several times, because others may want the directory at the same moment. */
const ATTEMPTS = 10

/** Directories of this process: a lock of one's own number may be that of one who had the number before. */
const ours = new Set<string>()

/** Takes the directory, or throws `DATA_UNUSABLE`. Resolves with what gives it back. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = `${directory}/lock`
  const mine = `${path}.${process.pid}`
  await writeFile(mine, `${process.pid} ${await startOf(process.pid)}\n`)
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
      const holder = await readFile(path, 'utf8').catch(() => undefined)
      if (holder === undefined) continue
      if (ours.has(path) || (await isAlive(holder))) throw taken(directory, holder)
      await removeStale(path, holder)
    }
  } finally {
    await rm(mine, { force: true })
  }
  throw taken(directory, 'another process')
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

/** Something that tells processes of one number apart, where the system has it. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function taken(directory: string, holder: string): KasperError {
  const who = holder.trim().split(' ')[0]
  const message = `${directory} is in use by process ${who}; end that one, or choose another data directory`
  return new KasperError('DATA_UNUSABLE', message)
}
