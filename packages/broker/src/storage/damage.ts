import { KasperError } from '@kasper/core'

/** The error for a file that is not what was written. */
export function damaged(path: string, at: number, what: string, cause?: unknown): KasperError {
  const cut = at === 0 ? '' : `give up what comes from there on (truncate -s ${at} '${path}'), or `
  const message =
    `${path} is damaged at byte ${at}: ${what}. Put a copy of the data directory in its place, or ${cut}` +
    'delete the directory to begin anew'
  return new KasperError('DATA_UNUSABLE', message, { cause })
}
