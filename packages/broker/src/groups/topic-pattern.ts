/** A regular expression for names of topics, in the syntax of RE2, as Kafka takes it. */
export interface TopicPattern {
  /** As it was written. */
  readonly regex: string
  /** Whether it matches the whole of this name. */
  matches(name: string): boolean
}

/**
 * Compiles a pattern. Rejects with an Error that says what is wrong where it is none, which lookaheads and backreferences are: they are
 * what makes some patterns take for ever. JavaScript's own would take them, and stop the whole broker with `(a+)+$`.
 */
export async function compilePattern(regex: string): Promise<TopicPattern> {
  // Loaded with the first pattern, because few need it and everybody would wait for it.
  const { RE2JS } = await import('re2js')
  const compiled = RE2JS.compile(regex)
  /** Members are asked at each heartbeat. */
  const known = new Map<string, boolean>()
  return {
    regex,
    matches: (name) => {
      let matches = known.get(name)
      if (matches === undefined) known.set(name, (matches = compiled.matches(name)))
      return matches
    },
  }
}
