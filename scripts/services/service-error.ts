/** A failure that a person can repair. `message` says what failed, `fix` how to repair it. */
export class ServiceError extends Error {
  readonly fix: string | undefined

  constructor(message: string, options: { fix?: string | undefined; cause?: unknown } = {}) {
    super(options.fix === undefined ? message : `${message}\n  fix: ${options.fix}`, { cause: options.cause })
    this.name = 'ServiceError'
    this.fix = options.fix
  }
}
