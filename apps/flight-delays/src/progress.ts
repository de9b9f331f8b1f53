import { formatCount, formatRate, formatSeconds } from './numbers.ts'

/** Where the progress is written. */
export interface ProgressOutput {
  write(text: string): unknown
  /** On a terminal, one line is redrawn. Otherwise a line is written every two seconds. */
  readonly isTTY?: boolean | undefined
  /** The current width of the terminal. */
  columns?(): number | undefined
}

/** Shows the progress of each phase. One phase follows the other. */
export interface Progress {
  start(phase: string, total: number, options?: PhaseOptions): void
  add(count: number): void
  /** Redraws when it is due. Call it regularly, even if nothing is added. */
  tick(): void
  /** Ends the phase. Returns how much was done, and in what time. */
  end(): { readonly done: number; readonly durationMs: number }
}

export interface PhaseOptions {
  /** Whether to show how much is left. */
  readonly lag?: boolean
  /** The probable reason if nothing is added for a while. */
  readonly waiting?: string
}

const TTY_INTERVAL_MS = 100
const LINE_INTERVAL_MS = 2000
/** The rate covers this much time, not the whole phase. */
const RATE_WINDOW_MS = 4000
const WAITING_MS = 3000
const BAR_CELLS = 24
const LEAST_BAR_CELLS = 5
const GAP = '  '

interface Phase extends PhaseOptions {
  readonly name: string
  readonly total: number
  readonly startedAt: number
  done: number
  drawnAt: number
  /** When something was added last. */
  addedAt: number
  /** How much was done at recent times. */
  readonly marks: { readonly at: number; readonly done: number }[]
}

/** @param now milliseconds since any fixed time */
export function createProgress(output: ProgressOutput, now: () => number): Progress {
  let phase: Phase | undefined
  const intervalMs = output.isTTY ? TTY_INTERVAL_MS : LINE_INTERVAL_MS

  const draw = (current: Phase, at: number): void => {
    current.drawnAt = at
    while (current.marks.length > 1 && current.marks[1]!.at <= at - RATE_WINDOW_MS) current.marks.shift()
    if (!output.isTTY) {
      output.write(`${describe(current, at, 0)}\n`)
      return
    }
    // The line must fit the terminal: a wrapped line cannot be redrawn. A terminal of unknown width reports 0.
    const width = (output.columns?.() || 80) - 1
    const text = describe(current, at, 0)
    const cells = Math.min(BAR_CELLS, width - text.length - GAP.length)
    output.write(`\r${(cells < LEAST_BAR_CELLS ? text : describe(current, at, cells)).slice(0, width)}\x1b[K`)
  }
  const drawWhenDue = (): void => {
    const at = now()
    if (phase === undefined || at - phase.drawnAt < intervalMs) return
    draw(phase, at)
    phase.marks.push({ at, done: phase.done })
  }

  return {
    start(name, total, options) {
      const at = now()
      phase = { ...options, name, total, startedAt: at, done: 0, drawnAt: at, addedAt: at, marks: [{ at, done: 0 }] }
      if (output.isTTY) draw(phase, at)
    },
    add(count) {
      if (phase === undefined) return
      phase.done += count
      phase.addedAt = now()
      drawWhenDue()
    },
    tick: drawWhenDue,
    end() {
      const { name = '', done = 0, startedAt = now() } = phase ?? {}
      phase = undefined
      const durationMs = now() - startedAt
      const summary = `${name.padEnd(10)}  ${formatCount(done)} messages in ${formatSeconds(durationMs)}, ${formatRate(done, durationMs)}`
      output.write(output.isTTY ? `\r${summary}\x1b[K\n` : `${summary}\n`)
      return { done, durationMs }
    },
  }
}

function describe({ name, total, done, addedAt, marks, lag, waiting }: Phase, at: number, barCells: number): string {
  const parts = [name.padEnd(10)]
  if (barCells > 0) {
    const filled = Math.round((total > 0 ? Math.min(1, done / total) : 1) * barCells)
    parts.push('█'.repeat(filled) + '░'.repeat(barCells - filled))
  }
  const all = formatCount(total)
  parts.push(`${formatCount(done).padStart(all.length)} of ${all}`)
  const mark = marks[0]!
  if (waiting !== undefined && at - addedAt >= WAITING_MS) parts.push(waiting)
  else parts.push(formatRate(done - mark.done, at - mark.at))
  if (lag) parts.push(`lag ${formatCount(Math.max(0, total - done))}`)
  return parts.join(GAP)
}
