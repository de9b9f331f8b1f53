// The next step of a member of a consumer group from what it reads to what it is meant to read: first it gives up what others are to have,
// then it is given what others have given up. As Kafka's CurrentAssignmentBuilder does it.

/** Where a member is. */
export interface Position {
  readonly epoch: number
  /** unrevoked: has to give up some partitions. unreleased: waits for others to do so. */
  readonly state: 'stable' | 'unrevoked' | 'unreleased'
  /** What it may read. */
  readonly assigned: ReadonlySet<string>
  /** What it has to give up before it goes on. */
  readonly revoking: ReadonlySet<string>
}

/** Where a member is to go. */
export interface Goal {
  readonly epoch: number
  readonly target: ReadonlySet<string>
  /** Whether somebody has this partition, and if only to give it up. */
  isTaken(partition: string): boolean
  /** What the member says that it has; nothing where it does not say. */
  readonly owned: ReadonlySet<string> | undefined
}

/** Where the member is next; the same object where it has to wait. */
export function nextPosition(now: Position, goal: Goal): Position {
  switch (now.state) {
    case 'stable':
      return now.epoch === goal.epoch ? now : step(now, now.epoch, goal)
    case 'unrevoked':
      return ownsAny(now.revoking, goal) ? now : step(now, now.epoch + 1, goal)
    case 'unreleased':
      return step(now, now.epoch, goal)
  }
}

function step(now: Position, epoch: number, goal: Goal): Position {
  const kept = [...now.assigned].filter((partition) => goal.target.has(partition))
  const revoking = new Set([...now.assigned].filter((partition) => !goal.target.has(partition)))
  if (revoking.size > 0 && ownsAny(revoking, goal)) return { epoch, state: 'unrevoked', assigned: new Set(kept), revoking }
  const missing = [...goal.target].filter((partition) => !now.assigned.has(partition))
  const free = missing.filter((partition) => !goal.isTaken(partition))
  return {
    epoch: goal.epoch,
    state: free.length < missing.length ? 'unreleased' : 'stable',
    assigned: new Set([...kept, ...free]),
    revoking: new Set(),
  }
}

/** Who does not say what it has may have it still. */
function ownsAny(partitions: ReadonlySet<string>, { owned }: Goal): boolean {
  return owned === undefined || [...owned].some((partition) => partitions.has(partition))
}
