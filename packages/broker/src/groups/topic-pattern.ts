/** A regular expression for topic names, in RE2 syntax as in Kafka. */
export interface TopicPattern {
  /** The regular expression, as the client sent it. */
  readonly regex: string
  /** Whether the pattern matches the whole name. */
  matches(name: string): boolean
}

/**
 * Compiles a pattern. Rejects with an Error that explains what is wrong with it. RE2 has no lookaheads and backreferences, so no pattern
 * takes exponential time. JavaScript's own regular expressions would, and `(a+)+$` would block the whole broker.
 */
export async function compilePattern(regex: string): Promise<TopicPattern> {
  // Loaded on demand, because few tests use patterns, and loading it takes time.
  const { RE2JS } = await import('re2js')
  const compiled = RE2JS.compile(regex)
  /** A cache, because members are matched at each heartbeat. */
  const results = new Map<string, boolean>()
  return {
    regex,
    matches: (name) => {
      let matches = results.get(name)
      if (matches === undefined) results.set(name, (matches = compiled.matches(name)))
      return matches
    },
  }
}
