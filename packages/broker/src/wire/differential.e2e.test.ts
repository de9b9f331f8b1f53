// Sends the same random requests, valid and invalid, to EmbeddedKafka and to a real Kafka: the answers have to agree.
// SEED=n repeats a run, STEPS=n makes it longer. Requests with known differences are left out: session timeouts below Kafka's minimum;
// assignments where the assignor has a choice, or a member has no subscription; the moment when a topic pattern is matched, which is
// after a heartbeat in Kafka, and within it here; and offsets of several groups in one transaction.
import { type Api, BATCH_HEADER_BYTES, batchSize, errorCodes, readBatchHeader, verifyBatch, ZERO_UUID } from '@kasper/protocol'
import * as messages from '@kasper/protocol/messages'
import { expect, it } from 'vitest'
import { required } from '../../../../scripts/required.ts'
import {
  chance,
  goOn,
  groupConfigs,
  type Known,
  names,
  nextStep,
  now,
  type Producer,
  run,
  seed,
  startAnew,
  type Written,
} from '../../test/random-requests.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { RawClient } from '../../test/raw-client.ts'

const steps = Number(process.env['STEPS'] ?? 2000)
const real = required('KAFKA_BROKERS')

/** Fields that differ from one cluster to the next, or that are only for people. */
const ignored = new Set(
  'errorMessage topicId producerId producerEpoch throttleTimeMs clusterId host port nodeId brokers nodeEndpoints controllerId leaderId replicaNodes isrNodes recordErrors documentation synonyms memberId unknownTags'.split(
    ' ',
  ),
)

// Positions of fields in a batch.
const CRC = 17
const TIMES = 27
const PRODUCER = 43

/** Batches without the values that each Kafka chooses: producer ids and epochs, and the time and coordinator epoch of markers. */
function masked(value: Uint8Array): Uint8Array {
  if (value.length < BATCH_HEADER_BYTES || !verifyBatch(value, 0)) return value
  const bytes = value.slice()
  for (let at = 0; at < bytes.length; at += batchSize(bytes, at)) {
    const { producerId, control } = readBatchHeader(bytes, at)
    if (producerId < 0) continue
    const end = at + batchSize(bytes, at)
    bytes.fill(0, at + CRC, at + CRC + 4)
    bytes.fill(0, at + PRODUCER, at + PRODUCER + 10)
    if (!control) continue
    bytes.fill(0, at + TIMES, at + TIMES + 16)
    bytes.fill(0, end - 5, end - 1)
  }
  return bytes
}

/** An answer with the time of a transaction marker. Two markers can have the same time in one Kafka, and not in the other. */
function isOwnTime(key: string, { timestamp }: { readonly timestamp?: number }): boolean {
  return (key === 'timestamp' || key === 'offset') && timestamp! > now + 1000
}

function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(masked(value)).toString('hex')
  // The configuration of the real Kafka in these tests.
  if (Array.isArray(value) && value.some((it) => (it as { name?: string }).name === 'min.insync.replicas'))
    return comparable(value.filter((it) => (it as { name?: string }).name !== 'min.insync.replicas'))
  if (Array.isArray(value)) return value.map(comparable).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]) =>
      ignored.has(key) || isOwnTime(key, value) ? [] : [[key, comparable(field)]],
    ),
  )
}

/** Waits until the real Kafka has created its coordinators, which it does on the first request. */
async function ready(client: RawClient): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const [groups, transactions] = await Promise.all(
      [0, 1].map((keyType) => client.call(messages.findCoordinatorApi, 4, { keyType, coordinatorKeys: [`${run}-g`] })),
    )
    const found = [groups!, transactions!].every(({ coordinators }) => coordinators[0]!.errorCode === 0)
    if (found && (await areThere(client))) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('The coordinators of the real Kafka do not come')
}

async function areThere(client: RawClient): Promise<boolean> {
  const loading = [14, 15, 16]
  for (const groupId of ['g', 'h', 'nobody', 'n', 'probe'].map((name) => `${run}-${name}`)) {
    const { errorCode } = await client.call(messages.heartbeatApi, 4, { groupId, memberId: 'stranger', generationId: 1 })
    if (loading.includes(errorCode)) return false
  }
  for (const transactionalId of ['t', 'u'].map((name) => `${run}-${name}`)) {
    const { errorCode } = await client.call(messages.endTxnApi, 4, { transactionalId, producerId: 1 })
    if (loading.includes(errorCode)) return false
  }
  return true
}

/** Waits until the group coordinator knows the topics. It learns of them later than the brokers do. */
async function coordinatorKnows(client: RawClient, ids: ReadonlyMap<string, string>): Promise<boolean> {
  const probe = { groupId: `${run}-probe`, memberId: crypto.randomUUID() }
  const joining = { memberEpoch: 0, rebalanceTimeoutMs: 1000, subscribedTopicNames: names, topicPartitions: [] }
  const { assignment } = await client.call(messages.consumerGroupHeartbeatApi, 1, { ...probe, ...joining })
  await client.call(messages.consumerGroupHeartbeatApi, 1, { ...probe, memberEpoch: -1 })
  const known = assignment?.topicPartitions.map(({ topicId, partitions }) => `${topicId}${partitions.length}`)
  return JSON.stringify(known?.sort()) === JSON.stringify([...ids.values()].sort())
}

/** The comparable part of an answer. */
async function askFor(
  client: RawClient,
  producers: Known['producers'],
  api: Api,
  version: number,
  request: object,
  isReal: boolean,
): Promise<unknown> {
  try {
    let answer: unknown
    // An open transaction is aborted first. Until the real Kafka has done so, the last end is not complete.
    do answer = await client.call(api, version, request)
    while (JSON.stringify(answer).includes(`rrorCode":${errorCodes.CONCURRENT_TRANSACTIONS}`))
    // The same for the newest EndTxn.
    if ((answer as Partial<Producer>).producerId! >= 0) {
      const { transactionalId: id } = request as { transactionalId: string }
      producers.set(id, answer as Producer)
      startAnew(id)
    }
    if (api.name === 'EndTxn' && isReal) await ended(client, (request as { transactionalId: string }).transactionalId)
    return comparable(answer)
  } catch (error) {
    return String(error)
  }
}

/** A real Kafka writes the markers after it has answered EndTxn. */
async function ended(client: RawClient, transactionalId: string): Promise<void> {
  for (;;) {
    const answer = await client
      .call(messages.describeTransactionsApi, 0, { transactionalIds: [transactionalId] })
      .catch(() => undefined)
    if (!answer?.transactionStates[0]?.transactionState.startsWith('Prepare')) return
  }
}

it(`answers as Kafka does (SEED=${seed})`, { timeout: 600_000 }, async () => {
  await using kafka = await EmbeddedKafka.listen()
  await using ours = await RawClient.connect(kafka.brokers[0]!)
  await using theirs = await RawClient.connect(real)
  await ready(theirs)
  const ids = async (client: RawClient): Promise<Map<string, string>> => {
    const { topics } = await client.call(messages.metadataApi, 12, {
      topics: names.map((name) => ({ name })),
      allowAutoTopicCreation: false,
    })
    return new Map(
      topics
        .filter(({ errorCode }) => errorCode === 0)
        .map(({ name, topicId, partitions }) => [name!, `${topicId}${partitions.length}`]),
    )
  }
  let ourIds = await ids(ours)
  let theirIds = await ids(theirs)
  const ourProducers = new Map<string, Producer>()
  const theirProducers = new Map<string, Producer>()
  /** One request of each kind. */
  const different = new Map<string, string>()
  for (let i = 0; i < steps; i++) {
    const { api, version, request } = nextStep()
    const mine = request({ topics: ourIds, producers: ourProducers })
    const real = request({ topics: theirIds, producers: theirProducers })
    const after = chance.state
    const [answer, expected] = await Promise.all([
      askFor(ours, ourProducers, api, version, mine, false),
      askFor(theirs, theirProducers, api, version, real, true),
    ])
    chance.state = after
    if ('place' in mine && JSON.stringify(answer).includes('"errorCode":0')) goOn(mine as Written)
    if (JSON.stringify(answer) !== JSON.stringify(expected)) {
      const shown = [comparable(mine), answer, expected].map((it) => JSON.stringify(it))
      const kind = [api.name, ...shown.slice(1).map((it) => [...(it ?? '').matchAll(/rrorCode":-?\d+/g)].join())].join(' ')
      different.set(kind, `step ${i}, ${api.name} ${version} ${shown[0]}\n   ours: ${shown[1]}\n  Kafka: ${shown[2]}`)
      if (different.size >= 20) break
    }
    if (
      /Topics|Partitions|Configs|DeleteRecords/.test(api.name) && 'validateOnly' in mine
        ? mine.validateOnly !== true
        : api.name === 'DeleteTopics'
    ) {
      // The real brokers learn of the topic a moment later.
      ourIds = await ids(ours)
      for (let tries = 0; tries < 200; tries++) {
        theirIds = await ids(theirs)
        const sizes = (known: Map<string, string>): string =>
          JSON.stringify([...known].map(([name, id]) => `${name} ${id.slice(ZERO_UUID.length)}`).sort())
        if (sizes(theirIds) === sizes(ourIds) && (await coordinatorKnows(theirs, theirIds))) break
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }
  await theirs.call(messages.incrementalAlterConfigsApi, 1, {
    resources: ['g', 'h', 'nobody', 'n'].map((name) => ({
      resourceType: 32,
      resourceName: `${run}-${name}`,
      configs: groupConfigs.map((config) => ({ name: config, configOperation: 1, value: null })),
    })),
  })
  await theirs.call(messages.deleteTopicsApi, 5, { topicNames: names, timeoutMs: 10_000 })
  expect([...different.values()].join('\n'), `${different.size} kinds of answers differ`).toBe('')
})
