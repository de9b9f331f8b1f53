import type { Clock } from '../runtime/clock.ts'
import { systemClock } from '../runtime/clock.ts'
import type { LogFields, Logger } from '../runtime/logger.ts'

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
  /** Writes the last line that was not written. */
  writeLast: (() => void) | undefined
}

/** So many different lines are remembered, at the most. */
const MAX_WINDOWS = 1000

/**
 * A logger that writes no more than some lines a minute that say the same of the same partition, so that trouble that comes again
 * and again does not bury everything else. When the minute is over, the last of those that were not written is, with the field
 * `suppressed`: how many there were; as soon as there is any other line to write. Debug lines are all written. A topic processor
 * does this with the logger that it is given.
 */
export function limitRepeats(logger: Logger, options: LimitRepeatsOptions = {}): Logger {
  const { lines = 10, windowMs = 60_000, clock = systemClock } = options
  const windows = new Map<string, Window>()

  /** Ends windows, the oldest first. */
  function end(over: (window: Window) => boolean): void {
    for (const [key, window] of windows) {
      if (!over(window)) return
      windows.delete(key)
      window.writeLast?.()
    }
  }

  const limited =
    (level: 'info' | 'warn' | 'error') =>
    (fields: LogFields, message: string): void => {
      const now = clock.monotonic()
      end(({ start }) => now - start >= windowMs)
      const key = [level, fields['topic'], fields['partition'], message].join(' ')
      const window = windows.get(key)
      if (window === undefined) {
        if (windows.size === MAX_WINDOWS) end(() => windows.size === MAX_WINDOWS)
        windows.set(key, { start: now, written: 1, suppressed: 0, writeLast: undefined })
      } else if (window.written === lines) {
        window.suppressed++
        window.writeLast = () => logger[level]({ ...fields, suppressed: window.suppressed }, message)
        return
      } else window.written++
      logger[level](fields, message)
    }

  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: limited('info'),
    warn: limited('warn'),
    error: limited('error'),
  }
}
