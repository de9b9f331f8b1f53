import type { Clock } from './clock.ts'
import { systemClock } from './clock.ts'
import type { LogFields, Logger } from './logger.ts'

/** Options of {@link limitRepeats}. */
export interface LimitRepeatsOptions {
  /** How many equal lines are written in a window. @default 10 */
  readonly lines?: number | undefined
  /** @default 60_000 */
  readonly windowMs?: number | undefined
  readonly clock?: Clock | undefined
}

interface Window {
  readonly start: number
  written: number
  suppressed: number
}

/** So many different lines are remembered, at the most. */
const MAX_WINDOWS = 1000

/**
 * A logger that writes no more than some lines a minute that say the same of the same partition, so that trouble that comes again
 * and again does not bury everything else. The next such line that is written has the field `suppressed`: how many were not. Debug
 * lines are all written. A topic processor does this with the logger that it is given.
 */
export function limitRepeats(logger: Logger, options: LimitRepeatsOptions = {}): Logger {
  const { lines = 10, windowMs = 60_000, clock = systemClock } = options
  const windows = new Map<string, Window>()

  const limited =
    (level: 'info' | 'warn' | 'error') =>
    (fields: LogFields, message: string): void => {
      const key = [level, fields['topic'], fields['partition'], message].join(' ')
      const now = clock.monotonic()
      const window = windows.get(key)
      if (window !== undefined && now - window.start < windowMs) {
        if (window.written === lines) window.suppressed++
        else {
          window.written++
          logger[level](fields, message)
        }
        return
      }
      windows.delete(key) // so that the map is in the order of the windows' starts
      if (windows.size === MAX_WINDOWS) windows.delete(windows.keys().next().value!)
      windows.set(key, { start: now, written: 1, suppressed: 0 })
      const suppressed = window?.suppressed ?? 0
      logger[level](suppressed === 0 ? fields : { ...fields, suppressed }, message)
    }

  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: limited('info'),
    warn: limited('warn'),
    error: limited('error'),
  }
}
