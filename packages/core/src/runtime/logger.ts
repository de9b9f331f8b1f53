/** Structured fields of a log line: `processor`, `topic`, `partition`, `offset`, …; an error is `err`, where pino looks for it. */
export type LogFields = Readonly<Record<string, unknown>>

/**
 * Where log lines go. The fields come first, as pino has it, so a pino logger fits as it is.
 * Kasper never logs keys or values of messages.
 */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

/** The same logger, with these fields in every line. */
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
