/** Writes of one caller that were acknowledged, and not flushed yet. */
interface Writes {
  /** How many connections had been lost by the first of them. */
  readonly losses: number
  count: number
  /** Whether a flush has said that they may be gone. */
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
    const writes = this.#writes.get(caller)
    // Whoever writes after a flush that failed writes all of it again.
    if (writes === undefined || writes.hasFailed) this.#writes.set(caller, { losses: this.#losses(), count: 1, hasFailed: false })
    else writes.count++
  }

  /**
   * Rejects where what this caller wrote may be gone, though the flush itself succeeds.
   *
   * @param nobody who those count as that gave no signal: their writes may be this caller's. That they are gone, one flush hears
   */
  async flush(caller: object, nobody: object, work: () => Promise<void>): Promise<void> {
    const flushed = [...new Set([caller, nobody])].flatMap((writer) => {
      const writes = this.#writes.get(writer)
      return writes === undefined || (writes.hasFailed && writer !== caller) ? [] : { writer, writes, count: writes.count }
    })
    await work()
    for (const { writes } of flushed) writes.hasFailed ||= writes.losses !== this.#losses()
    if (flushed.some(({ writes }) => writes.hasFailed))
      throw new Error('the connection was lost between the write and its flush: the write may be gone, do it again')
    // What was written meanwhile is still to be flushed.
    for (const { writer, writes, count } of flushed) if (writes.count === count) this.#writes.delete(writer)
  }
}
