import { KasperError } from '@kasper/core'

/** The error for a file with unexpected content. */
export function damaged(path: string, at: number, what: string, cause?: unknown): KasperError {
  const cut = at === 0 ? '' : `cut off the file from there (truncate -s ${at} '${path}'), or `
  const message =
    `${path} is damaged at byte ${at}: ${what}. Restore the data directory from a copy, or ${cut}` +
    'delete the directory to start without data'
  return new KasperError('DATA_UNUSABLE', message, { cause })
}
