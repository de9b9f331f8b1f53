import { formatCount, formatRate, formatSeconds } from './numbers.ts'

/** Where progress is shown. */
export interface ProgressOutput {
  write(text: string): unknown
  /** A terminal gets one line that is drawn again and again; anything else a line now and then. */
  readonly isTTY?: boolean | undefined
  /** The width of the terminal now. */
  columns?(): number | undefined
}

/** Shows how far each phase is. Phases follow one another. */
export interface Progress {
  /** @param unit what `total` counts; `lag` shows what is left of it */
  start(phase: string, total: number, options?: { readonly lag?: boolean }): void
  add(count: number): void
  /** Ends the phase. Returns what it came to. */
  end(): { readonly done: number; readonly durationMs: number }
}

const TTY_INTERVAL_MS = 100
const LINE_INTERVAL_MS = 2000
const BAR_CELLS = 24

/** @param now milliseconds from any fixed point */
export function createProgress(output: ProgressOutput, now: () => number): Progress {
  let phase = { name: '', total: 0, done: 0, lag: false, startedAt: 0, drawnAt: 0 }
  const intervalMs = output.isTTY ? TTY_INTERVAL_MS : LINE_INTERVAL_MS

  const draw = (at: number): void => {
    phase.drawnAt = at
    if (!output.isTTY) {
      output.write(`${line(phase, at, false)}\n`)
      return
    }
    // Never wider than the terminal: a line that wraps could not be drawn over.
    const full = line(phase, at, true)
    const columns = output.columns?.() ?? 80
    output.write(`\r${(full.length < columns ? full : line(phase, at, false)).slice(0, columns - 1)}\x1b[K`)
  }

  return {
    start(name, total, { lag = false } = {}) {
      const at = now()
      phase = { name, total, done: 0, lag, startedAt: at, drawnAt: at }
      if (output.isTTY) draw(at)
    },
    add(count) {
      phase.done += count
      const at = now()
      if (at - phase.drawnAt >= intervalMs) draw(at)
    },
    end() {
      const durationMs = now() - phase.startedAt
      const { name, done } = phase
      const summary = `${name.padEnd(10)}  ${formatCount(done)} messages in ${formatSeconds(durationMs)}, ${formatRate(done, durationMs)}`
      output.write(output.isTTY ? `\r${summary}\x1b[K\n` : `${summary}\n`)
      return { done, durationMs }
    },
  }
}

function line(phase: { name: string; total: number; done: number; lag: boolean; startedAt: number }, at: number, bar: boolean): string {
  const { name, total, done, lag, startedAt } = phase
  const parts = [name.padEnd(10)]
  if (bar) {
    const filled = Math.round((total > 0 ? Math.min(1, done / total) : 1) * BAR_CELLS)
    parts.push('█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled))
  }
  const text = formatCount(total)
  parts.push(`${formatCount(done).padStart(text.length)} of ${text}`, formatRate(done, at - startedAt))
  if (lag) parts.push(`lag ${formatCount(Math.max(0, total - done))}`)
  return parts.join('  ')
}
