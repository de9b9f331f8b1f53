/** The speed and cost of one pass. */
export interface Figure {
  readonly messagesPerSecond: number
  /** CPU seconds of this process per million messages. */
  readonly cpuPerMillion: number
}

/** Measures one pass over `messages` messages. Collects the garbage of earlier passes first, if Node exposes that. */
export async function measure(messages: number, pass: () => Promise<void>): Promise<Figure> {
  ;(globalThis as { gc?: () => void }).gc?.()
  const cpu = process.cpuUsage()
  const start = performance.now()
  await pass()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { messagesPerSecond: messages / seconds, cpuPerMillion: (user + system) / messages }
}

/** The median; the higher of the two middle numbers if their count is even. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
