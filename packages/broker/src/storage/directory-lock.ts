// Makes sure that only one process uses a data directory. A lock file names the process. The lock of a dead process does not count.
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { KasperError } from '@kasper/core'
import { errnoOf } from './errno.ts'

/** The other process may be about to end, so the lock is tried several times, with a pause. */
const ATTEMPTS = 10
const PAUSE_MS = 100

/** The locks of this process. A lock file with this process's id that is not in here was left by an earlier process with this id. */
const ownLocks = new Set<string>()

/** Locks the directory. Resolves with a function that unlocks it. Throws `DATA_UNUSABLE`. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = `${directory}/lock`
  const ownFile = `${path}.${process.pid}`
  await writeFile(ownFile, `${process.pid} ${await startOf(process.pid)}\n`)
  let holder: string | undefined
  try {
    for (let i = 0; i < ATTEMPTS; i++) {
      try {
        // Creates the lock file together with its content.
        await link(ownFile, path)
        ownLocks.add(path)
        return async () => {
          ownLocks.delete(path)
          await rm(path, { force: true })
        }
      } catch (error) {
        if (errnoOf(error) !== 'EEXIST') throw error
      }
      holder = await readFile(path, 'utf8').catch(() => undefined)
      if (ownLocks.has(path)) break
      if (holder === undefined) continue
      if (await isAlive(holder)) await sleep(PAUSE_MS)
      else await removeStale(path, holder)
    }
  } finally {
    await rm(ownFile, { force: true })
  }
  const pid = holder?.trim().split(' ')[0]
  const owner = pid === undefined ? 'another process' : `process ${pid}`
  const message = `${directory} is in use by ${owner}; stop that process, or choose another data directory`
  throw new KasperError('DATA_UNUSABLE', message)
}

/** Removes a stale lock. Another process may have replaced the same lock meanwhile; then the new lock is put back. */
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
  // The process id may belong to another process by now.
  const now = await startOf(Number(pid))
  return start === undefined || now === '' || start === now
}

/** The start time of a process, which distinguishes processes with the same id; `''` if unknown, and `dead` for a zombie. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return /^[ZX]/.test(fields[0]!) ? 'dead' : (fields[19] ?? '')
  } catch {
    return ''
  }
}
