/** Thrown instead of an answer. The connection is then closed. */
export class UnansweredError extends Error {
  override readonly name: string = 'UnansweredError'
}
