/** What one pass took. */
export interface Figure {
  readonly messagesPerSecond: number
  /** CPU seconds of this process per million messages. */
  readonly cpuPerMillion: number
}

/** Measures one pass over so many messages. Clean-up of the last pass is paid for first. */
export async function measure(messages: number, pass: () => Promise<void>): Promise<Figure> {
  ;(globalThis as { gc?: () => void }).gc?.()
  const cpu = process.cpuUsage()
  const start = performance.now()
  await pass()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { messagesPerSecond: messages / seconds, cpuPerMillion: (user + system) / messages }
}

/** The middle one of these numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
