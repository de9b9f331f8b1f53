/** Writes of one caller that were acknowledged, and not flushed yet. */
interface Writes {
  /** How many connections had been lost by the first of them. */
  readonly losses: number
  hasFailed: boolean
}

/**
 * Remembers what is to be flushed. A server that was lost may be back without what it had acknowledged, or a replica may be in its
 * place: either says that all is well, and knows nothing of what is gone.
 */
export class Unflushed {
  readonly #losses: () => number
  /** By who wrote: the signal of the call, as far as it had one. */
  readonly #writes = new WeakMap<object, Writes>()

  /** @param losses how many connections have been lost so far */
  constructor(losses: () => number) {
    this.#losses = losses
  }

  /** A write of this caller was acknowledged. */
  add(caller: object): void {
    // Whoever writes after a flush that failed writes all of it again.
    if (this.#writes.get(caller)?.hasFailed !== false) this.#writes.set(caller, { losses: this.#losses(), hasFailed: false })
  }

  /** Rejects where what these callers wrote may be gone, though the flush itself succeeds. */
  async flush(callers: readonly object[], work: () => Promise<void>): Promise<void> {
    const taken = callers.flatMap((caller) => {
      const writes = this.#writes.get(caller)
      this.#writes.delete(caller)
      return writes === undefined ? [] : [{ caller, writes }]
    })
    try {
      await work()
      if (taken.every(({ writes }) => writes.losses === this.#losses())) return
      for (const { writes } of taken) writes.hasFailed = true
      throw new Error('the connection was lost between the write and its flush: the write may be gone, do it again')
    } catch (error) {
      for (const { caller, writes } of taken) this.#writes.set(caller, writes)
      throw error
    }
  }
}
