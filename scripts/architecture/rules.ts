// The rules that `npm test` checks: which package may import which, and which folder of a package may import which.

export interface PackageRule {
  /** The packages of this project that it may import: `client` allows all entry points, `client/cluster` only that one. */
  readonly imports: readonly string[] | 'any'
  /** Third parties whose version the user chooses: peer dependencies. */
  readonly peers?: readonly string[]
  /** Third parties that come with the package: dependencies. */
  readonly brings?: readonly string[]
  /** Runs on every runtime, browsers too: web APIs alone, no `node:` module. */
  readonly webOnly?: boolean
  /** The purpose of the package, which explains the rest of the rule. */
  readonly why: string
}

export interface FolderRule {
  /** The folders of the same `src` that it may import. `.` stands for the files directly in `src`, except `index.ts`. */
  readonly imports: readonly string[]
  readonly why: string
}

export interface Rules {
  /** By the folder under `packages/`, which is the package's name without its scope. */
  readonly packages: Readonly<Record<string, PackageRule>>
  /** By package, then by folder of its `src`. `index.ts` may import every folder, and no folder may import it. */
  readonly folders: Readonly<Record<string, Readonly<Record<string, FolderRule>>>>
}

const store = (library?: string): PackageRule => ({
  imports: ['core'],
  ...(library === undefined ? {} : { peers: [library] }),
  why: "implements core's stores on one library",
})

const packages: Rules['packages'] = {
  core: { imports: [], webOnly: true, why: 'the engine and every port: everything else plugs into it' },
  protocol: { imports: [], webOnly: true, why: "Kafka's wire format: of use without the engine" },
  client: { imports: ['core', 'protocol'], why: "turns Kafka's requests into core's KafkaClient" },
  kafkajs: { imports: ['core', 'client/cluster', 'protocol'], peers: ['kafkajs'], why: 'sends the requests with kafkajs' },
  platformatic: {
    imports: ['core', 'client/cluster', 'protocol'],
    peers: ['@platformatic/kafka'],
    why: 'sends the requests with @platformatic/kafka',
  },
  broker: {
    imports: ['core', 'protocol', 'client/cluster'],
    brings: ['re2js'],
    why: 'the embedded Kafka: a program too, so its regular expressions for topic names come with it',
  },
  testing: { imports: ['core', 'client/cluster', 'broker'], why: 'helpers for tests of users' },
  'store-redis': store('ioredis'),
  'store-elastic': store('@elastic/elasticsearch'),
  'store-cassandra': store('cassandra-driver'),
  'store-sqlite': store(),
  'metrics-prom': { imports: ['core'], peers: ['@prometheus-io/client'], why: "implements core's metrics on one library" },
  'metrics-otel': {
    imports: ['core'],
    peers: ['@opentelemetry/api'],
    why: "implements core's metrics and tracing on one library",
  },
  service: { imports: ['core'], why: 'an HTTP port and signals for a processor' },
  tables: { imports: ['core'], why: 'groups and tables, built on the engine' },
  consumer: { imports: ['core'], why: 'handlers and a producer, built on the engine' },
  console: { imports: 'any', why: 'shows the state of all others' },
  cli: { imports: 'any', why: 'a program for users' },
  'create-kasper': { imports: 'any', why: 'a program for users' },
}

// From the bottom to the top: a folder may only import folders above it in this list.
const folders: Rules['folders'] = {
  core: {
    runtime: { imports: [], why: 'clock, logger, errors, abort signals: nothing about Kafka' },
    kafka: { imports: ['runtime'], why: 'ports and plain types: they take a clock and a logger' },
    codecs: { imports: ['runtime', 'kafka'], why: 'turn the bytes of a message into values and back' },
    observability: { imports: ['runtime', 'kafka'], why: 'ports for metrics and traces, which name messages and offsets' },
    batches: {
      imports: ['runtime', 'kafka', 'codecs', 'observability'],
      why: 'one process call with decoded messages: nothing about groups or state',
    },
    state: {
      imports: ['runtime', 'kafka', 'codecs', 'observability', 'batches'],
      why: 'stores, typed by codecs and measured; a cache takes part in batches',
    },
    delivery: {
      imports: ['runtime', 'kafka', 'observability', 'batches'],
      why: 'sends the output of a batch and commits its offsets',
    },
    partitions: {
      imports: ['runtime', 'kafka', 'observability', 'batches', 'state', 'delivery'],
      why: 'a worker takes a batch, runs it and delivers it; it asks state which store call is slow',
    },
    processor: {
      imports: ['runtime', 'kafka', 'codecs', 'observability', 'batches', 'partitions'],
      why: 'the public face: starts, checks and ends a run of all partitions',
    },
    adapter: { imports: ['runtime', 'kafka', 'observability', 'state'], why: 'helpers for people who write a store or a client' },
  },
  broker: {
    logs: { imports: [], why: 'the record batches of a partition' },
    faults: { imports: [], why: 'the faults that tests set' },
    groups: { imports: ['logs'], why: 'group coordinators and committed offsets' },
    transactions: { imports: ['logs', 'groups'], why: 'a transaction ends in logs and in the offsets of groups' },
    '.': { imports: ['logs', 'faults', 'groups', 'transactions'], why: 'the broker: everything that it has' },
    storage: { imports: ['.', 'logs', 'groups', 'transactions'], why: 'writes the state of the broker to disk' },
    requests: {
      imports: ['.', 'logs', 'faults', 'groups', 'transactions'],
      why: "answers Kafka's requests, which are objects here, under the faults of a test",
    },
    wire: { imports: ['.', 'faults', 'requests'], why: 'reads requests from TCP connections, and writes the answers' },
    'in-process': {
      imports: ['.', 'logs', 'requests'],
      why: 'makes requests of clients in this process, without encoding them',
    },
    embedded: {
      imports: ['.', 'logs', 'faults', 'storage', 'wire', 'in-process'],
      why: 'the public face: a broker that programs and tests start, fill and look into',
    },
    program: { imports: ['faults', 'embedded'], why: 'the command line' },
  },
}

export const RULES: Rules = { packages, folders }
