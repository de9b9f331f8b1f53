// Reads the file that --trace has written.
import { readFileSync } from 'node:fs'

interface OtlpSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly links: readonly { readonly spanId: string }[]
  readonly droppedLinksCount: number
  readonly attributes: readonly { readonly key: string; readonly value: { readonly intValue?: number } }[]
}

interface OtlpLine {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[]
}

/** The spans of one run of the demo: how many of each name, and how they are linked. */
export interface Spans {
  /** The names of the spans, each once. */
  readonly names: readonly string[]
  /** Follows parents and links of all spans of this name back to the start. Returns the names of the first spans. */
  origins(name: string): readonly string[]
  /** The number of messages of all spans of this name. */
  messages(name: string): number
  /** Spans whose parent, or a linked span, is missing. */
  readonly broken: readonly string[]
}

export function readSpans(file: string): Spans {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const all = lines.flatMap((line) =>
    (JSON.parse(line) as OtlpLine).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  )
  const byId = new Map(all.map((span) => [span.spanId, span]))
  const known = new Map<string, ReadonlySet<string>>()

  const before = ({ parentSpanId, links }: OtlpSpan): readonly string[] => [
    ...(parentSpanId ? [parentSpanId] : []),
    ...links.map(({ spanId }) => spanId),
  ]
  const originsOf = (span: OtlpSpan): ReadonlySet<string> => {
    let found = known.get(span.spanId)
    if (found === undefined) {
      const causes = before(span).flatMap((id) => byId.get(id) ?? [])
      found = causes.length === 0 ? new Set([span.name]) : new Set(causes.flatMap((cause) => [...originsOf(cause)]))
      known.set(span.spanId, found)
    }
    return found
  }
  const named = (name: string): readonly OtlpSpan[] => all.filter((span) => span.name === name)
  return {
    names: [...new Set(all.map(({ name }) => name))].toSorted(),
    origins: (name) => [...new Set(named(name).flatMap((span) => [...originsOf(span)]))].toSorted(),
    messages: (name) =>
      named(name)
        .flatMap(({ attributes }) => attributes.filter(({ key }) => key === 'messaging.batch.message_count'))
        .reduce((sum, { value }) => sum + Number(value.intValue), 0),
    broken: all
      .filter((span) => span.droppedLinksCount > 0 || before(span).some((id) => !byId.has(id)))
      .map(({ name, spanId }) => `${name} ${spanId}`),
  }
}
