export { otelMetrics } from './metrics.ts'
export { otelTracer, type OtelTracerOptions } from './tracer.ts'
export { tracedProducer } from './traced-producer.ts'
