// A conformance case is plain data, so that any test runner, or none, can run it: vitest, a script on Bun or Deno, a stranger's CI.

/** One promise of a port, and how to see that an implementation keeps it. */
export interface ConformanceCase<Context, Capability extends string = string> {
  /** A sentence: what holds. */
  readonly name: string
  /** What an implementation must be able to do for this case to make sense. */
  readonly needs?: Capability | undefined
  /** Resolves where the promise is kept; rejects with a plain error that says what was seen instead. */
  run(context: Context): Promise<void> | void
}

/** What became of the cases. */
export interface ConformanceResult {
  readonly passed: number
  readonly failed: number
  /** Cases that need what this implementation says it cannot do. */
  readonly notApplicable: number
}

/** How {@link runConformance} runs. */
export interface ConformanceRun<Context> {
  /** Called before each case; `dispose` after it, whether it passed or not. */
  readonly context: () => Context | Promise<Context>
  readonly dispose?: ((context: Context) => Promise<void> | void) | undefined
  /** Whether the implementation has this capability. @default it has all */
  readonly can?: ((capability: string) => boolean) | undefined
  /** Where the lines go. @default console.log */
  readonly print?: ((line: string) => void) | undefined
}

/** Runs the cases one after the other, prints a line for each and a last one with the sums. Never rejects because of a failed case. */
export async function runConformance<Context>(
  cases: readonly ConformanceCase<Context>[],
  run: ConformanceRun<Context>,
): Promise<ConformanceResult> {
  const print = run.print ?? console.log
  let passed = 0
  let failed = 0
  let notApplicable = 0
  for (const { name, needs, run: runCase } of cases) {
    if (needs !== undefined && run.can !== undefined && !run.can(needs)) {
      notApplicable++
      print(`not applicable  ${name} (needs ${needs})`)
      continue
    }
    try {
      const context = await run.context()
      try {
        await runCase(context)
      } finally {
        await run.dispose?.(context)
      }
      passed++
      print(`passed          ${name}`)
    } catch (error) {
      failed++
      print(`FAILED          ${name}`)
      print(`                ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
  }
  print(`${passed} passed, ${failed} failed${notApplicable > 0 ? `, ${notApplicable} not applicable` : ''}`)
  return { passed, failed, notApplicable }
}
