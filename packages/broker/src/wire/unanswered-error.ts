/** Closes the connection instead of an answer. Thrown for a client that expects no answer, or that a fault denies one. */
export class UnansweredError extends Error {
  override readonly name: string = 'UnansweredError'
}
