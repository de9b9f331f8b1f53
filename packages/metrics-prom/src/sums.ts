import { Counter, type CounterConfiguration } from '@prometheus-io/client'

type Labels = Readonly<Record<string, string>>

/** What was added to one series since it was last read. */
interface Sum {
  readonly labels: Labels
  value: number
  /** Whether the client has the series. */
  known: boolean
}

/** Sums by the first label's value, then by the second's, … */
interface Level {
  sum: Sum | undefined
  readonly next: Map<string, Level>
}

const newLevel = (): Level => ({ sum: undefined, next: new Map() })

/**
 * Adds to the series of a counter, and tells the client only when somebody reads it: the client would put its labels together into a
 * string each time, which costs more than all else that is measured of a batch.
 */
export class Sums {
  #root: Level = newLevel()
  #all: Sum[] = []

  /** @param labelsOf the labels of a series that was not there before */
  add(value: number, labelValues: readonly string[], labelsOf: (labelValues: readonly string[]) => Labels): void {
    let level = this.#root
    for (const label of labelValues) {
      let next = level.next.get(label)
      if (next === undefined) level.next.set(label, (next = newLevel()))
      level = next
    }
    if (level.sum === undefined) this.#all.push((level.sum = { labels: labelsOf(labelValues), value: 0, known: false }))
    level.sum.value += value
  }

  tell(counter: Counter<string>): void {
    for (const sum of this.#all) {
      if (sum.known && sum.value === 0) continue
      counter.inc(sum.labels, sum.value)
      sum.value = 0
      sum.known = true
    }
  }

  forget(): void {
    this.#root = newLevel()
    this.#all = []
  }
}

const sumsOf = new WeakMap<Counter<string>, Sums>()

/** A counter with sums. */
export function summedCounter(config: CounterConfiguration<string>): Counter<string> {
  const sums = new Sums()
  const counter: Counter<string> = new Counter({ ...config, collect: () => sums.tell(counter) })
  const reset = counter.reset.bind(counter)
  counter.reset = () => {
    sums.forget()
    reset()
  }
  sumsOf.set(counter, sums)
  return counter
}

/** Its sums; `undefined` where somebody else has made the counter. */
export function sumsOfCounter(counter: Counter<string>): Sums | undefined {
  return sumsOf.get(counter)
}
