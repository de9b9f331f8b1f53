/** Why one document could not be read or written. */
export class DocumentFailure {
  readonly reason: string
  /** Whether the server may have written the document: it got the request, and did not answer. */
  readonly mayBeWritten: boolean
  /** Whether the same request may succeed later. */
  readonly retriable: boolean
  readonly cause: unknown

  constructor(
    reason: string,
    details: { readonly mayBeWritten: boolean; readonly retriable: boolean; readonly cause?: unknown },
  ) {
    this.reason = reason
    this.mayBeWritten = details.mayBeWritten
    this.retriable = details.retriable
    this.cause = details.cause
  }
}
