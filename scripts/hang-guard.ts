// A reporter of vitest that ends a run which would never end: a test that does not let go of its thread cannot be ended by its
// time limit, and an import has none. It says which one that is, so that it need not be guessed from what is missing in a log.
import { relative } from 'node:path'
import process from 'node:process'
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node'

/** What a time limit may be late by on a busy machine, and what the import of a file may take. */
const GRACE_MS = 180_000

export default class HangGuard implements Reporter {
  #vitest: Vitest | undefined
  /** The files under way by their path, and when there was last any news of each. */
  readonly #news = new Map<string, { readonly module: TestModule; readonly at: number }>()
  readonly #graceMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(options: { readonly graceMs?: number } = {}) {
    this.#graceMs = options.graceMs ?? GRACE_MS
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestRunStart(): void {
    this.#timer = setInterval(() => this.#look(), Math.min(5000, this.#graceMs / 4))
  }

  onTestModuleQueued(module: TestModule): void {
    this.#news.set(module.moduleId, { module, at: performance.now() })
  }

  onTestModuleCollected(module: TestModule): void {
    this.onTestModuleQueued(module)
  }

  onTestCaseReady({ module }: TestCase): void {
    this.onTestModuleQueued(module)
  }

  onTestCaseResult({ module }: TestCase): void {
    this.onTestModuleQueued(module)
  }

  onTestModuleEnd({ moduleId }: TestModule): void {
    this.#news.delete(moduleId)
  }

  onTestRunEnd(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const now = performance.now()
    const stuck = [...this.#news.values()].filter(({ module, at }) => now - at > patience(module) + this.#graceMs)
    if (stuck.length === 0) return
    clearInterval(this.#timer)
    for (const { module, at } of stuck) console.error(describe(module, now - at))
    process.exitCode = 1
    void this.#end()
  }

  /** As two Ctrl+C do it: the second one does not wait for the workers any more. */
  async #end(): Promise<void> {
    void this.#vitest!.cancelCurrentRun('keyboard-input').catch(() => {})
    await this.#vitest!.cancelCurrentRun('keyboard-input').catch(() => {})
    await this.#vitest!.exit(true)
  }
}

/** The longest time for which a file may have nothing to tell. */
function patience(module: TestModule): number {
  const limits = [...module.children.allTests()].map(({ options }) => options.timeout ?? 0)
  return Math.max(module.project.config.testTimeout, module.project.config.hookTimeout, ...limits)
}

function describe(module: TestModule, forMs: number): string {
  const tests = [...module.children.allTests()]
  const begun = tests.find((test) => test.result().state === 'pending')
  let where = 'while it is imported'
  if (begun !== undefined) where = `in the test "${begun.fullName}" or soon after it (news are sent ten times a second)`
  else if (tests.length > 0) where = 'after its last test'
  return `
HANGS: ${relative(process.cwd(), module.moduleId)}, ${where}. Nothing was heard of it for ${Math.round(forMs / 1000)} s, which is longer
than any of its time limits: it does not let go of its thread, or awaits an import that never ends. The run is ended.`
}
