/** The error for a client that fails to authenticate. */
export class SaslRefusal extends Error {
  override readonly name: string = 'SaslRefusal'
  /** Whether the client gets the message. It gets no message that could help to guess a password. */
  readonly isPublic: boolean

  constructor(message: string, isPublic: boolean) {
    super(message)
    this.isPublic = isPublic
  }
}
