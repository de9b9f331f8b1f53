/** The code of an error of the operating system, such as `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  return (error as { readonly code?: string } | undefined)?.code
}
