import { propagation, type TextMapPropagator, trace, type Tracer } from '@opentelemetry/api'

/** Options of {@link otelTracer} and {@link tracedProducer}. */
export interface TracingOptions {
  /** @default the tracer `@kasper/metrics-otel` of the global tracer provider */
  readonly tracer?: Tracer | undefined
  /** Writes contexts into message headers, and reads them. @default the global one; an SDK sets it to W3C trace context and baggage */
  readonly propagator?: Propagator | undefined
}

export type Propagator = Pick<TextMapPropagator, 'inject' | 'extract' | 'fields'>

/** The tracer that makes the spans, and the propagator for their contexts. */
export interface Tracing {
  readonly tracer: Tracer
  readonly propagator: Propagator
}

export function tracingOf({ tracer, propagator = propagation }: TracingOptions): Tracing {
  return { tracer: tracer ?? trace.getTracer('@kasper/metrics-otel'), propagator }
}
