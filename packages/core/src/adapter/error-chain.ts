/**
 * The error, its `cause`, the cause of that, and so on. An error without a cause that collects others in `errors` (an
 * `AggregateError`, for one) continues with the first of them. Empty if `error` is not an `Error`. A circle ends the chain.
 */
export function errorChain(error: unknown): readonly Error[] {
  const chain: Error[] = []
  for (let next = error; next instanceof Error && !chain.includes(next);) {
    chain.push(next)
    const { cause, errors } = next as Error & { readonly errors?: unknown }
    next = cause ?? (Array.isArray(errors) ? errors[0] : undefined)
  }
  return chain
}
