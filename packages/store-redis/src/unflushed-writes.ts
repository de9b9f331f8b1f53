/** The writes of one caller that were acknowledged and are not flushed yet. */
interface Writes {
  /** The number of connections that were lost before the first of these writes. */
  readonly losses: number
  count: number
  /** Whether a flush has failed because these writes may be lost. */
  mayBeLost: boolean
}

/**
 * Remembers which callers have writes to flush. A flush fails if a connection was lost since the first of these writes: the
 * server may have restarted without them, or a replica without them may have become the master. Both would acknowledge the flush.
 */
export class UnflushedWrites {
  readonly #losses: () => number
  /** By caller: the signal of the call, or one object for all calls without a signal. */
  readonly #writes = new WeakMap<object, Writes>()

  /** @param losses how many connections have been lost so far */
  constructor(losses: () => number) {
    this.#losses = losses
  }

  /** A write of this caller was acknowledged. */
  add(caller: object): void {
    const writes = this.#writes.get(caller)
    // After a failed flush a caller writes everything again.
    if (writes === undefined || writes.mayBeLost) this.#writes.set(caller, { losses: this.#losses(), count: 1, mayBeLost: false })
    else writes.count++
  }

  /**
   * Flushes. Rejects if the flush fails, or if writes of this caller may be lost.
   *
   * @param anonymous the caller of all calls without a signal. Their writes may be this caller's, so they are flushed too. If they
   *   may be lost, only one flush fails for them
   */
  async flush(caller: object, anonymous: object, work: () => Promise<void>): Promise<void> {
    const flushed = [...new Set([caller, anonymous])].flatMap((writer) => {
      const writes = this.#writes.get(writer)
      return writes === undefined || (writes.mayBeLost && writer !== caller) ? [] : { writer, writes, count: writes.count }
    })
    await work()
    for (const { writes } of flushed) writes.mayBeLost ||= writes.losses !== this.#losses()
    if (flushed.some(({ writes }) => writes.mayBeLost))
      throw new Error('the connection was lost between a write and its flush, so the write may be lost: write it again')
    // Writes made during the flush are not flushed yet.
    for (const { writer, writes, count } of flushed) if (writes.count === count) this.#writes.delete(writer)
  }
}
