const whole = new Intl.NumberFormat('en-US')

/** `3,000,000` */
export const formatCount = (value: number): string => whole.format(value)

/** `512,345/s`. There is no rate for a duration of 0. */
export function formatRate(count: number, durationMs: number): string {
  return `${durationMs > 0 ? whole.format(Math.round((count * 1000) / durationMs)) : '-'} messages/s`
}

/** `12.3 s` */
export const formatSeconds = (durationMs: number): string => `${(durationMs / 1000).toFixed(1)} s`

/** The sum, for example of the offsets of all partitions. */
export const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}
