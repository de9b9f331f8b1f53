/** Wakes everybody who waits, as often as it rings. */
export class WakeUp {
  #waiting: (() => void)[] = []

  /** Resolves at the next ring. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** A property, so that it can be handed on as a listener. */
  readonly ring: () => void = () => {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}
