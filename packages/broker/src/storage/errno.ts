/** The code of an operating system error, such as `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  return (error as { readonly code?: string } | undefined)?.code
}
