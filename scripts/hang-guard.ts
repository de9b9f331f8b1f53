// A vitest reporter that ends a run which hangs, and names the test file. vitest's own time limits do not cover two cases: a test
// that blocks its thread, and an import that never ends.
import { relative } from 'node:path'
import process from 'node:process'
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node'

/** Added to the time limits of a file: a busy machine is late, and importing the file takes time too. */
const GRACE_MS = 180_000

export default class HangGuard implements Reporter {
  #vitest: Vitest | undefined
  /** The running test files by path, each with the time of its last event. */
  readonly #running = new Map<string, { readonly module: TestModule; readonly at: number }>()
  readonly #graceMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(options: { readonly graceMs?: number } = {}) {
    this.#graceMs = options.graceMs ?? GRACE_MS
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestRunStart(): void {
    this.#timer = setInterval(() => this.#check(), Math.min(5000, this.#graceMs / 4))
  }

  onTestModuleQueued(module: TestModule): void {
    this.#running.set(module.moduleId, { module, at: performance.now() })
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
    this.#running.delete(moduleId)
  }

  onTestRunEnd(): void {
    clearInterval(this.#timer)
  }

  #check(): void {
    const now = performance.now()
    const stuck = [...this.#running.values()].filter(({ module, at }) => now - at > longestLimit(module) + this.#graceMs)
    if (stuck.length === 0) return
    clearInterval(this.#timer)
    for (const { module, at } of stuck) console.error(describe(module, now - at))
    process.exitCode = 1
    void this.#end()
  }

  /** Cancels twice, as two Ctrl+C do. The second time does not wait for the workers. */
  async #end(): Promise<void> {
    void this.#vitest!.cancelCurrentRun('keyboard-input').catch(() => {})
    await this.#vitest!.cancelCurrentRun('keyboard-input').catch(() => {})
    await this.#vitest!.exit(true)
  }
}

/** The longest time limit in a file, in milliseconds. A file that runs has an event more often than that. */
function longestLimit(module: TestModule): number {
  const limits = [...module.children.allTests()].map(({ options }) => options.timeout ?? 0)
  return Math.max(module.project.config.testTimeout, module.project.config.hookTimeout, ...limits)
}

function describe(module: TestModule, forMs: number): string {
  const tests = [...module.children.allTests()]
  const begun = tests.find((test) => test.result().state === 'pending')
  let where = 'during its import'
  if (begun !== undefined) where = `in the test "${begun.fullName}" or soon after it (vitest sends events ten times a second)`
  else if (tests.length > 0) where = 'after its last test'
  return `
HANGS: ${relative(process.cwd(), module.moduleId)}, ${where}. It sent no event for ${Math.round(forMs / 1000)} s, longer than all of its
time limits: it blocks its thread, or awaits an import that never ends. The run ends now.`
}
