const FIRST_ID = 1000

/** Assigns ids to idempotent and transactional producers. No id is assigned twice. */
export class ProducerIds {
  /** Called with each id that is assigned. */
  onAssign: ((id: number) => void) | undefined
  #next = FIRST_ID

  next(): number {
    this.onAssign?.(this.#next)
    return this.#next++
  }

  /** Skips all ids below this one, because they may have been assigned before a restart. */
  skipTo(id: number): void {
    this.#next = Math.max(this.#next, id)
  }
}
