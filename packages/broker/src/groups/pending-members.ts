import type { Clock, Timer } from '@kasper/core'

/** Member ids that clients have to join with. They expire, because not every client joins again. */
export class PendingMembers {
  readonly #clock: Clock
  readonly #timers = new Map<string, Timer>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(groupId: string, memberId: string, forMs: number): void {
    const key = keyOf(groupId, memberId)
    this.#timers.set(
      key,
      this.#clock.setTimer(() => this.#timers.delete(key), forMs),
    )
  }

  has(groupId: string, memberId: string): boolean {
    return this.#timers.has(keyOf(groupId, memberId))
  }

  delete(groupId: string, memberId: string): boolean {
    const key = keyOf(groupId, memberId)
    this.#timers.get(key)?.cancel()
    return this.#timers.delete(key)
  }

  clear(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }
}

function keyOf(groupId: string, memberId: string): string {
  return JSON.stringify([groupId, memberId])
}
