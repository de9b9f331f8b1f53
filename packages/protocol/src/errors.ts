/** The bytes are not a valid message: they end too early, or a length, a null or a number in them is impossible. */
export class CorruptMessageError extends Error {
  override readonly name: string = 'CorruptMessageError'
}

/** The bytes are not a valid record batch, or its records are invalid. */
export class CorruptBatchError extends CorruptMessageError {
  override readonly name: string = 'CorruptBatchError'
}

/** The value does not fit into Kafka's format, or into this version of the message. */
export class UnwritableMessageError extends Error {
  override readonly name: string = 'UnwritableMessageError'
}

/** The package does not have this version of a message. */
export class UnsupportedVersionError extends Error {
  override readonly name: string = 'UnsupportedVersionError'
  /** The message, such as `FetchRequest`. */
  readonly messageName: string
  readonly version: number

  constructor(message: string, version: number, minVersion: number, maxVersion: number) {
    super(`${message} version ${version} is not supported, only versions ${minVersion} to ${maxVersion}`)
    this.messageName = message
    this.version = version
  }
}
