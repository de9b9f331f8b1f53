// The next step of a member of a consumer group towards its target assignment, as in Kafka's CurrentAssignmentBuilder. The member first
// gives up partitions that others should own. Then it gets partitions that others have given up.

/** The present assignment of a member. */
export interface MemberAssignment {
  readonly epoch: number
  /** `unrevoked`: the member has to give up partitions. `unreleased`: the member waits until others give up partitions. */
  readonly state: 'stable' | 'unrevoked' | 'unreleased'
  /** Keys of the partitions that the member may read. */
  readonly assigned: ReadonlySet<string>
  /** Keys of the partitions that the member has to give up first. */
  readonly revoking: ReadonlySet<string>
}

/** Where the assignment of a member should end. */
export interface TargetAssignment {
  readonly epoch: number
  readonly target: ReadonlySet<string>
  /** Whether any member still owns this partition, even if it has to give it up. */
  isTaken(partition: string): boolean
  /** The partitions that the member says it owns; `undefined` if it does not say. */
  readonly owned: ReadonlySet<string> | undefined
}

/** The next assignment of the member. Returns the same object if the member has to wait. */
export function nextAssignment(now: MemberAssignment, goal: TargetAssignment): MemberAssignment {
  switch (now.state) {
    case 'stable':
      return now.epoch === goal.epoch ? now : step(now, now.epoch, goal)
    case 'unrevoked':
      return ownsAny(now.revoking, goal) ? now : step(now, now.epoch + 1, goal)
    case 'unreleased':
      return step(now, now.epoch, goal)
  }
}

function step(now: MemberAssignment, epoch: number, goal: TargetAssignment): MemberAssignment {
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

/** A member that does not say which partitions it owns may still own them. */
function ownsAny(partitions: ReadonlySet<string>, { owned }: TargetAssignment): boolean {
  return owned === undefined || [...owned].some((partition) => partitions.has(partition))
}
