import { Counter, type CounterConfiguration } from '@prometheus-io/client'

type Labels = Readonly<Record<string, string>>

/** The amounts that were added to one series since it was last read. */
interface Sum {
  readonly labels: Labels
  value: number
  /** Whether the client's counter has this series. */
  isKnown: boolean
}

/** A tree of sums: by the value of the first label, then of the second, and so on. */
interface LabelNode {
  sum: Sum | undefined
  readonly children: Map<string, LabelNode>
}

const newNode = (): LabelNode => ({ sum: undefined, children: new Map() })

/**
 * Sums up what is added to the series of a counter until the counter is read. The client's own `inc` makes a string of the labels
 * each time, which costs more than all other metrics of a batch.
 */
export class CounterSums {
  #root: LabelNode = newNode()
  #sums: Sum[] = []

  /** @param labelsOf makes the labels of a new series */
  add(value: number, labelValues: readonly string[], labelsOf: (labelValues: readonly string[]) => Labels): void {
    let node = this.#root
    for (const label of labelValues) {
      let child = node.children.get(label)
      if (child === undefined) node.children.set(label, (child = newNode()))
      node = child
    }
    if (node.sum === undefined) this.#sums.push((node.sum = { labels: labelsOf(labelValues), value: 0, isKnown: false }))
    node.sum.value += value
  }

  /** Adds all sums to the counter, and starts again from 0. */
  moveTo(counter: Counter<string>): void {
    for (const sum of this.#sums) {
      if (sum.isKnown && sum.value === 0) continue
      counter.inc(sum.labels, sum.value)
      sum.value = 0
      sum.isKnown = true
    }
  }

  clear(): void {
    this.#root = newNode()
    this.#sums = []
  }
}

const sumsByCounter = new WeakMap<Counter<string>, CounterSums>()

/** A counter of the client with sums, which it collects when it is read. */
export function counterWithSums(config: CounterConfiguration<string>): Counter<string> {
  const sums = new CounterSums()
  const counter: Counter<string> = new Counter({ ...config, collect: () => sums.moveTo(counter) })
  const reset = counter.reset.bind(counter)
  counter.reset = () => {
    sums.clear()
    reset()
  }
  sumsByCounter.set(counter, sums)
  return counter
}

/** The sums of a counter; `undefined` if it was not made by {@link counterWithSums}. */
export function sumsOf(counter: Counter<string>): CounterSums | undefined {
  return sumsByCounter.get(counter)
}
