export { otelMetrics } from './metrics.ts'
export { tracedProducer } from './traced-producer.ts'
export { otelTracer, type OtelTracerOptions } from './tracer.ts'
export type { Propagator, TracingOptions } from './tracing.ts'
