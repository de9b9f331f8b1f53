/** Structured fields of a log line: `processor`, `topic`, `partition`, `offset` and others. An error is `err`, as in pino. */
export type LogFields = Readonly<Record<string, unknown>>

/**
 * Takes log lines. The fields come first, as in pino, so a pino logger can be used as it is.
 * Kasper never logs keys or values of messages.
 */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

/** The same logger, with these fields added to every line. */
export function withFields(logger: Logger, common: LogFields): Logger {
  return {
    debug: (fields, message) => logger.debug({ ...common, ...fields }, message),
    info: (fields, message) => logger.info({ ...common, ...fields }, message),
    warn: (fields, message) => logger.warn({ ...common, ...fields }, message),
    error: (fields, message) => logger.error({ ...common, ...fields }, message),
  }
}

/** Logs nothing. */
export const noopLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }
