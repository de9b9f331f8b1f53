// Random numbers that are the same in every run of a test.

/** Returns numbers from 0 up to, but without, 1. Setting `state` to an earlier value repeats the numbers since then. */
export interface Random {
  (): number
  state: number
}

/** Random numbers from a seed (mulberry32). */
export function randomOf(seed: number): Random {
  const next = (): number => {
    random.state = (random.state + 0x6d2b79f5) | 0
    let t = Math.imul(random.state ^ (random.state >>> 15), 1 | random.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const random: Random = Object.assign(next, { state: seed })
  return random
}
