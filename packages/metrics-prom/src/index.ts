export { metricsHandler } from './handler.ts'
export { prometheusMetrics, type PrometheusMetricsOptions } from './metrics.ts'
