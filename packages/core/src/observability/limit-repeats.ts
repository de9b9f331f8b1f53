import type { Clock } from '../runtime/clock.ts'
import { systemClock } from '../runtime/clock.ts'
import type { LogFields, Logger } from '../runtime/logger.ts'

/** Options of {@link limitRepeats}. */
export interface LimitRepeatsOptions {
  /** How many equal lines are written per window. @default 10 */
  readonly lines?: number | undefined
  /** Milliseconds. @default 60_000 */
  readonly windowMs?: number | undefined
  readonly clock?: Clock | undefined
}

interface Window {
  readonly start: number
  written: number
  suppressed: number
  /** Writes the last suppressed line. */
  writeLast: (() => void) | undefined
}

/** How many different lines are remembered at most. */
const MAX_WINDOWS = 1000

/**
 * Limits how often a logger writes the same message about the same topic partition, so that an error that repeats does not hide
 * other lines. When the window is over, and the next line of any kind is written, the last suppressed line is written too, with
 * the number of suppressed lines in the field `suppressed`. Debug lines are not limited. A topic processor limits its own logger
 * this way.
 */
export function limitRepeats(logger: Logger, options: LimitRepeatsOptions = {}): Logger {
  const { lines = 10, windowMs = 60_000, clock = systemClock } = options
  const windows = new Map<string, Window>()

  /** Ends windows, the oldest first, as long as `over` says so. */
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
