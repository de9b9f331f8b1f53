// The source of grafana/dashboard.json. `node packages/metrics-prom/test/dashboard.ts && oxfmt` writes the file. Grafana's own types
// check it.
import { writeFileSync } from 'node:fs'
import { type Dashboard, type Panel, type RowPanel, VariableRefresh, VariableSort } from '@grafana/schema'
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen'
import type { Options as TimeSeriesOptions } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen'

/** The same type, with enums as strings. */
type Json<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Json<T[K]> } : T

type JsonPanel = Json<Panel>
/** A query and the name of its series in the legend. */
type Query = readonly [expr: string, legend: string]

const COLUMNS = 24
const datasource = { type: 'prometheus', uid: '${datasource}' }

/** The series `kasper_…` of the selected processors. */
const of = (name: string): string => `kasper_${name}{processor=~"$processor"}`
/** The series of stores, which may be measured without a processor's name. */
const ofStores = (name: string): string => `kasper_store_${name}{processor=~"$processor|"}`
const rate = (series: string): string => `rate(${series}[$__rate_interval])`
const increase = (series: string): string => `increase(${series}[$__rate_interval])`
const sumBy = (labels: string, series: string): string => `sum by (${labels}) (${series})`
const p99 = (series: string, labels = 'le'): string => `histogram_quantile(0.99, ${sumBy(labels, rate(series))})`

function panel(type: string, title: string, description: string, unit: string, queries: readonly Query[]): JsonPanel {
  const targets = queries.map(([expr, legendFormat], i) => ({
    refId: String.fromCodePoint(65 + i),
    datasource,
    expr,
    legendFormat,
  }))
  return { type, title, description, datasource, fieldConfig: { defaults: { unit, min: 0 }, overrides: [] }, targets }
}

function stat(title: string, description: string, unit: string, ...query: Query): JsonPanel {
  const options: Partial<Json<StatOptions>> = {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    colorMode: 'value',
    graphMode: 'area',
  }
  return { ...panel('stat', title, description, unit, [query]), options }
}

/** A number that is red unless it is 0. */
function alarm(title: string, description: string, ...query: Query): JsonPanel {
  const numberPanel = stat(title, description, 'short', ...query)
  const steps = [
    { color: 'green', value: null },
    { color: 'red', value: 1 },
  ]
  return {
    ...numberPanel,
    fieldConfig: { defaults: { unit: 'short', min: 0, thresholds: { mode: 'absolute', steps } }, overrides: [] },
  }
}

function graph(title: string, description: string, unit: string, ...queries: readonly Query[]): JsonPanel {
  const options: Partial<Json<TimeSeriesOptions>> = {
    legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
    tooltip: { mode: 'multi', sort: 'desc' },
  }
  return { ...panel('timeseries', title, description, unit, queries), options }
}

const topicPartition = '{{processor}} {{topic}}/{{partition}}'
const processorPartition = '{{processor}}/{{partition}}'
const storeOperation = '{{store}} {{operation}}'

const rows: readonly (readonly [title: string, height: number, panels: readonly JsonPanel[]])[] = [
  [
    'Overview',
    4,
    [
      stat(
        'Messages in',
        'Messages per second that were given to processors',
        'cps',
        `sum(${rate(of('incoming_messages_total'))})`,
        'in',
      ),
      stat(
        'Messages out',
        'Messages per second that the brokers acknowledged',
        'cps',
        `sum(${rate(of('outgoing_messages_total'))})`,
        'out',
      ),
      stat('Lag', 'Messages from the positions to the ends of the logs', 'short', `sum(${of('lag_messages')})`, 'messages'),
      stat('Lag in time', 'Age of the oldest message that is not processed yet', 's', `max(${of('lag_seconds')})`, 'age'),
      alarm(
        'Stalled partitions',
        'Partitions without progress for longer than stallWarningMs',
        `sum(${of('stalled_partitions')})`,
        'stalled',
      ),
      alarm('Errors, last hour', 'In all stages', `sum(increase(${of('errors_total')}[1h]))`, 'errors'),
    ],
  ],
  [
    'Throughput',
    8,
    [
      graph(
        'Messages',
        'By topic',
        'cps',
        [sumBy('topic', rate(of('incoming_messages_total'))), 'in {{topic}}'],
        [sumBy('topic', rate(of('outgoing_messages_total'))), 'out {{topic}}'],
      ),
      graph(
        'Bytes',
        'Bytes of records',
        'Bps',
        [sumBy('topic', rate(of('incoming_bytes_total'))), 'in {{topic}}'],
        [sumBy('topic', rate(of('outgoing_bytes_total'))), 'out {{topic}}'],
      ),
      graph('Messages in, by partition', 'Uneven rates are a sign of hot keys', 'cps', [
        sumBy('partition', rate(of('incoming_messages_total'))),
        '{{partition}}',
      ]),
    ],
  ],
  [
    'Lag',
    8,
    [
      graph('Lag, in messages', 'Messages from the position to the end of the log', 'short', [
        of('lag_messages'),
        topicPartition,
      ]),
      graph('Lag, in time', 'Age of the next message to process; 0 if there is none', 's', [of('lag_seconds'), topicPartition]),
      graph('Time since progress', 'How long a partition with work to do has made no progress', 's', [
        of('time_since_progress_seconds'),
        processorPartition,
      ]),
    ],
  ],
  [
    'Time by stage',
    8,
    [
      graph(
        'Stages of a batch, 99th percentile',
        'Duration of each stage',
        's',
        [p99(of('batch_wait_duration_seconds_bucket')), 'waiting for the batch to start'],
        [p99(of('process_duration_seconds_bucket')), 'process'],
        [p99(of('produce_duration_seconds_bucket')), 'send, until acknowledged'],
        [p99(of('commit_duration_seconds_bucket')), 'commit'],
      ),
      graph('Busy share', 'Share of the time that each partition spends in process(); its limit is 100 %', 'percentunit', [
        sumBy('processor, partition', rate(of('process_duration_seconds_sum'))),
        processorPartition,
      ]),
      graph('Batch size', 'Mean number of messages in a process call', 'short', [
        `${sumBy('processor', rate(of('batch_messages_sum')))} / ${sumBy('processor', rate(of('batch_messages_count')))}`,
        '{{processor}}',
      ]),
    ],
  ],
  [
    'Queues',
    8,
    [
      graph('Queue, in messages', 'Fetched but not processed yet', 'short', [of('queue_messages'), processorPartition]),
      graph('Queue, in bytes', 'Fetched but not processed yet', 'bytes', [of('queue_bytes'), processorPartition]),
      graph(
        'Fetching paused',
        'Share of the time that the queue was full, because the processor is slower than Kafka',
        'percentunit',
        [rate(of('paused_seconds_total')), processorPartition],
      ),
    ],
  ],
  [
    'Errors and membership',
    8,
    [
      graph(
        'Stalled partitions by stage',
        'Partitions without progress for longer than stallWarningMs, by stage; the log and /livez name them',
        'short',
        [sumBy('stage', of('stalled_partitions')), '{{stage}}'],
      ),
      graph('Errors by stage', 'Errors of fetching, decoding, stores, process(), sending and committing', 'short', [
        sumBy('stage', increase(of('errors_total'))),
        '{{stage}}',
      ]),
      graph(
        'Retries by stage',
        'Failed attempts to fetch, send and commit that were repeated: a sign of problems with the brokers or the network',
        'short',
        [sumBy('stage', increase(of('retries_total'))), '{{stage}}'],
      ),
      graph(
        'Partitions and rebalances',
        'Partition numbers owned, rebalances, and restarts of instances',
        'short',
        [sumBy('processor', of('assigned_partitions')), '{{processor}} owns'],
        [sumBy('processor', increase(of('rebalances_total'))), '{{processor}} rebalances'],
        [sumBy('processor', `changes(${of('start_time_seconds')}[$__rate_interval])`), '{{processor}} restarts'],
      ),
    ],
  ],
  [
    'Stores',
    8,
    [
      graph('Calls', 'Operations on stores', 'ops', [sumBy('store, operation', rate(ofStores('calls_total'))), storeOperation]),
      graph('Duration, 99th percentile', 'Duration of an operation', 's', [
        p99(ofStores('call_duration_seconds_bucket'), 'le, store, operation'),
        storeOperation,
      ]),
      graph(
        'Keys and bytes',
        'Read and written',
        'short',
        [sumBy('store', rate(ofStores('keys_total'))), '{{store}} keys/s'],
        [sumBy('store', rate(ofStores('bytes_total'))), '{{store}} bytes/s'],
      ),
      graph(
        'Errors and retries',
        'Failed operations, and repeated attempts',
        'short',
        [sumBy('store, operation', increase(ofStores('errors_total'))), `${storeOperation} errors`],
        [sumBy('store, operation', increase(ofStores('retries_total'))), `${storeOperation} retries`],
      ),
    ],
  ],
]

/** Places the panels of each row side by side under its title. */
function layOut(): (JsonPanel | Json<RowPanel>)[] {
  const placed: (JsonPanel | Json<RowPanel>)[] = []
  let y = 0
  for (const [title, height, panels] of rows) {
    placed.push({
      id: placed.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { h: 1, w: COLUMNS, x: 0, y },
      panels: [],
    })
    const width = COLUMNS / panels.length
    for (const [i, ofRow] of panels.entries()) {
      placed.push({ id: placed.length + 1, ...ofRow, gridPos: { h: height, w: width, x: i * width, y: y + 1 } })
    }
    y += 1 + height
  }
  return placed
}

const processors = 'label_values(kasper_assigned_partitions, processor)'

export const dashboard: Json<Dashboard> = {
  title: 'Kasper',
  uid: 'kasper',
  tags: ['kafka', 'kasper'],
  schemaVersion: 39,
  version: 1,
  editable: true,
  timezone: 'browser',
  refresh: '10s',
  time: { from: 'now-1h', to: 'now' },
  templating: {
    list: [
      { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
      {
        name: 'processor',
        label: 'Processor',
        type: 'query',
        datasource,
        query: { query: processors, refId: 'processor' },
        multi: true,
        includeAll: true,
        allValue: '.*',
        current: { text: 'All', value: '$__all' },
        refresh: VariableRefresh.onTimeRangeChanged,
        sort: VariableSort.alphabeticalAsc,
      },
    ],
  },
  annotations: { list: [] },
  panels: layOut(),
}

if (import.meta.main) writeFileSync(new URL('../grafana/dashboard.json', import.meta.url), JSON.stringify(dashboard))
