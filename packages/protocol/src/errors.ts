/** Bytes that are not what they should be: cut off, or with a length, a null or a number where none can be. */
export class CorruptMessageError extends Error {
  override readonly name: string = 'CorruptMessageError'
}

/** Bytes that are not the record batch, or the records, that they should be. */
export class CorruptBatchError extends CorruptMessageError {
  override readonly name: string = 'CorruptBatchError'
}

/** A value that Kafka's format, or this version of a message, has no place for. */
export class UnwritableMessageError extends Error {
  override readonly name: string = 'UnwritableMessageError'
}

/** A version of a message that is not among those we know. */
export class UnsupportedVersionError extends Error {
  override readonly name: string = 'UnsupportedVersionError'
  /** Such as `FetchRequest`. */
  readonly messageName: string
  readonly version: number

  constructor(message: string, version: number, minVersion: number, maxVersion: number) {
    super(`${message} has no version ${version} here, only ${minVersion} to ${maxVersion}`)
    this.messageName = message
    this.version = version
  }
}
