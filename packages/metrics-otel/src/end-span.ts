import { KasperError } from '@kasper/core'
import { messageOf } from '@kasper/core/adapter'
import { type Span, SpanStatusCode } from '@opentelemetry/api'
import * as names from './semantic-conventions.ts'

/** Ends a span. With an error, the span gets the error's type, status and exception. */
export function endSpan(span: Span, error: unknown): void {
  if (error !== undefined) {
    const type = error instanceof KasperError ? error.code : error instanceof Error ? error.name : '_OTHER'
    span.setAttribute(names.ERROR_TYPE, type)
    span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) })
    if (error instanceof Error) span.recordException(error)
  }
  span.end()
}
