// What grafana/dashboard.json is made from: `node packages/metrics-prom/test/dashboard.ts && oxfmt` writes it. Grafana's own types
// check it.
import { writeFileSync } from 'node:fs'
import { type Dashboard, type Panel, type RowPanel, VariableRefresh, VariableSort } from '@grafana/schema'
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen'
import type { Options as TimeSeriesOptions } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen'

/** The same type, whose enums may be written as strings. */
type Json<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Json<T[K]> } : T

type Drawn = Json<Panel>
/** A query, and the name of what it shows. */
type Query = readonly [expr: string, legend: string]

const COLUMNS = 24
const datasource = { type: 'prometheus', uid: '${datasource}' }

/** `kasper_…` of the chosen processors. */
const of = (name: string): string => `kasper_${name}{processor=~"$processor"}`
/** Of stores, which may be measured without a processor's name. */
const ofStores = (name: string): string => `kasper_store_${name}{processor=~"$processor|"}`
const rate = (series: string): string => `rate(${series}[$__rate_interval])`
const increase = (series: string): string => `increase(${series}[$__rate_interval])`
const sumBy = (labels: string, series: string): string => `sum by (${labels}) (${series})`
const p99 = (series: string, labels = 'le'): string => `histogram_quantile(0.99, ${sumBy(labels, rate(series))})`

function panel(type: string, title: string, description: string, unit: string, queries: readonly Query[]): Drawn {
  const targets = queries.map(([expr, legendFormat], i) => ({
    refId: String.fromCodePoint(65 + i),
    datasource,
    expr,
    legendFormat,
  }))
  return { type, title, description, datasource, fieldConfig: { defaults: { unit, min: 0 }, overrides: [] }, targets }
}

function stat(title: string, description: string, unit: string, ...query: Query): Drawn {
  const options: Partial<Json<StatOptions>> = {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    colorMode: 'value',
    graphMode: 'area',
  }
  return { ...panel('stat', title, description, unit, [query]), options }
}

/** Red where it is not 0. */
function alarm(title: string, description: string, ...query: Query): Drawn {
  const drawn = stat(title, description, 'short', ...query)
  const steps = [
    { color: 'green', value: null },
    { color: 'red', value: 1 },
  ]
  return {
    ...drawn,
    fieldConfig: { defaults: { unit: 'short', min: 0, thresholds: { mode: 'absolute', steps } }, overrides: [] },
  }
}

function graph(title: string, description: string, unit: string, ...queries: readonly Query[]): Drawn {
  const options: Partial<Json<TimeSeriesOptions>> = {
    legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
    tooltip: { mode: 'multi', sort: 'desc' },
  }
  return { ...panel('timeseries', title, description, unit, queries), options }
}

const topicPartition = '{{processor}} {{topic}}/{{partition}}'
const processorPartition = '{{processor}}/{{partition}}'
const storeOperation = '{{store}} {{operation}}'

const rows: readonly (readonly [title: string, height: number, panels: readonly Drawn[]])[] = [
  [
    'Where it stands',
    4,
    [
      stat(
        'Messages in',
        'Messages given to processors, each second',
        'cps',
        `sum(${rate(of('incoming_messages_total'))})`,
        'in',
      ),
      stat(
        'Messages out',
        'Messages acknowledged by the brokers, each second',
        'cps',
        `sum(${rate(of('outgoing_messages_total'))})`,
        'out',
      ),
      stat('Lag', 'Messages between the positions and the ends of the logs', 'short', `sum(${of('lag_messages')})`, 'messages'),
      stat('Lag in time', 'Age of the oldest message that waits to be processed', 's', `max(${of('lag_seconds')})`, 'age'),
      alarm(
        'Stalled partitions',
        'Partitions that have made no progress for the time of stallWarningMs',
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
        'Of records, as they come and go',
        'Bps',
        [sumBy('topic', rate(of('incoming_bytes_total'))), 'in {{topic}}'],
        [sumBy('topic', rate(of('outgoing_bytes_total'))), 'out {{topic}}'],
      ),
      graph('Messages in, by partition', 'An uneven picture means hot keys', 'cps', [
        sumBy('partition', rate(of('incoming_messages_total'))),
        '{{partition}}',
      ]),
    ],
  ],
  [
    'Lag',
    8,
    [
      graph('Lag, in messages', 'Messages between the position and the end of the log', 'short', [
        of('lag_messages'),
        topicPartition,
      ]),
      graph('Lag, in time', 'Age of the next message to process; 0 when there is none', 's', [of('lag_seconds'), topicPartition]),
      graph('Time since progress', 'How long a partition has had something to do without getting on with it', 's', [
        of('time_since_progress_seconds'),
        processorPartition,
      ]),
    ],
  ],
  [
    'Where the time goes',
    8,
    [
      graph(
        'Stages of a batch, 99th percentile',
        'How long each takes',
        's',
        [p99(of('batch_wait_duration_seconds_bucket')), 'waiting for the batch to start'],
        [p99(of('process_duration_seconds_bucket')), 'process'],
        [p99(of('produce_duration_seconds_bucket')), 'send, until acknowledged'],
        [p99(of('commit_duration_seconds_bucket')), 'commit'],
      ),
      graph('Busy share', 'How much of the time each partition spends in process(); near 100 % is its limit', 'percentunit', [
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
      graph('Queue, in messages', 'Fetched and not yet processed', 'short', [of('queue_messages'), processorPartition]),
      graph('Queue, in bytes', 'Fetched and not yet processed', 'bytes', [of('queue_bytes'), processorPartition]),
      graph(
        'Fetching paused',
        'Share of the time in which the queue was full: the processor is slower than Kafka',
        'percentunit',
        [rate(of('paused_seconds_total')), processorPartition],
      ),
    ],
  ],
  [
    'Trouble and membership',
    8,
    [
      graph(
        'Stalled partitions by stage',
        'Those that have made no progress for the time of stallWarningMs, by what they wait for; the log and /livez say which',
        'short',
        [sumBy('stage', of('stalled_partitions')), '{{stage}}'],
      ),
      graph('Errors by stage', 'In fetching, decoding, stores, process, sending and committing', 'short', [
        sumBy('stage', increase(of('errors_total'))),
        '{{stage}}',
      ]),
      graph(
        'Retries by stage',
        'Attempts to fetch, send and commit that failed and were repeated: the brokers, or the way to them, are in trouble',
        'short',
        [sumBy('stage', increase(of('retries_total'))), '{{stage}}'],
      ),
      graph(
        'Partitions and rebalances',
        'Partition numbers owned, how often they were given out, and how often an instance began anew',
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
      graph('Duration, 99th percentile', 'From the call of an operation to its end', 's', [
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
        'Operations that failed, and attempts that were repeated',
        'short',
        [sumBy('store, operation', increase(ofStores('errors_total'))), `${storeOperation} errors`],
        [sumBy('store, operation', increase(ofStores('retries_total'))), `${storeOperation} retries`],
      ),
    ],
  ],
]

/** Each row's panels side by side under its title. */
function layOut(): (Drawn | Json<RowPanel>)[] {
  const placed: (Drawn | Json<RowPanel>)[] = []
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
    for (const [i, drawn] of panels.entries()) {
      placed.push({ id: placed.length + 1, ...drawn, gridPos: { h: height, w: width, x: i * width, y: y + 1 } })
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
