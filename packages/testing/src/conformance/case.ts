// A conformance case is plain data, so that it runs in any test runner, or in a script without one.

/** Tests one rule of an interface on an implementation. */
export interface ConformanceCase<Context, Capability extends string = string> {
  /** The rule, as a sentence. */
  readonly name: string
  /** The capability that an implementation must have for this case. */
  readonly needs?: Capability | undefined
  /** Resolves if the implementation follows the rule. Rejects with an error that describes the difference. */
  run(context: Context): Promise<void> | void
}

/** The numbers of cases by result. */
export interface ConformanceResult {
  readonly passed: number
  readonly failed: number
  /** Cases that need a capability that this implementation does not have. */
  readonly notApplicable: number
}

/** Options of {@link runConformance}. */
export interface ConformanceRun<Context> {
  /** Makes the context of a case. Called before each case. */
  readonly context: () => Context | Promise<Context>
  /** Called after each case, whether it passed or failed. */
  readonly dispose?: ((context: Context) => Promise<void> | void) | undefined
  /** Whether the implementation has this capability. @default it has all capabilities */
  readonly can?: ((capability: string) => boolean) | undefined
  /** Prints a line. @default console.log */
  readonly print?: ((line: string) => void) | undefined
}

/** Runs the cases one after the other. Prints a line for each case, and a line with the numbers. A failed case is not a rejection. */
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
