// Needs KAFKA_BROKERS. Runs the same random fetch sessions on EmbeddedKafka and on a real Kafka: the answers have to agree.
// SEED=n runs another sequence, STEPS=n a longer one.
import { type Draft, errorCodes, RecordEncoder, sealBatch, ZERO_UUID } from '@kasper/protocol'
import {
  createTopicsApi,
  deleteRecordsApi,
  deleteTopicsApi,
  fetchApi,
  type FetchRequest,
  type FetchResponse,
  metadataApi,
  produceApi,
} from '@kasper/protocol/messages'
import { expect, it } from 'vitest'
import { randomOf } from '../../../../scripts/random.ts'
import { required } from '../../../../scripts/required.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { RawClient } from '../../test/raw-client.ts'

const seed = Number(process.env['SEED'] ?? 7)
const steps = Number(process.env['STEPS'] ?? 2000)
const real = required('KAFKA_BROKERS')

const chance = randomOf(seed)
const random = (below: number): number => Math.floor(chance() * below)
const one = <T>(...choices: readonly T[]): T => choices[random(choices.length)]!
const some = <T>(choices: readonly T[]): T[] => choices.filter(() => random(3) === 0)

const run = `sessions-${Date.now().toString(36)}`
const names = ['a', 'b', 'c'].map((name) => `${run}-${name}`)
const UNKNOWN_ID = 'AAAAAAAAAAAAAAAAAAAAEQ'

/** A Kafka, with values from its answers. */
interface Side {
  readonly client: RawClient
  readonly ids: ReadonlyMap<string, string>
  /** The present and former sessions, by slot. */
  readonly sessions: number[]
}

/** A request in a session, before topic ids and the session id are filled in. */
interface Fetch {
  readonly slot: number
  readonly version: number
  readonly sessionEpoch: number
  readonly isolationLevel: number
  readonly wanted: readonly { readonly topic: string; readonly partition: number; readonly fetchOffset: number }[]
  readonly forgotten: readonly { readonly topic: string; readonly partition: number }[]
}

const slots = Array.from({ length: 4 }, () => ({ byId: false, epoch: 0 }))

function anyFetch(): Fetch {
  const at = random(slots.length)
  const slot = slots[at]!
  const sessionEpoch = one(slot.epoch, slot.epoch, slot.epoch, slot.epoch, slot.epoch, slot.epoch, slot.epoch + 1, one(0, -1, 9))
  if (sessionEpoch === 0) slot.byId = one(true, false)
  const byId = random(30) === 0 ? !slot.byId : slot.byId
  const all = [...names, `${run}-never`].flatMap((topic) => [0, 1, 5].map((partition) => ({ topic, partition })))
  return {
    slot: at,
    version: byId ? 13 + random(5) : 7 + random(6),
    sessionEpoch,
    isolationLevel: random(2),
    wanted: some(all).map((partition) => ({ ...partition, fetchOffset: one(0, 1, 2, 3, 5, 8, 1000) })),
    forgotten: some(all).filter(() => random(2) === 0),
  }
}

async function fetch({ client, ids, sessions }: Side, asked: Fetch): Promise<FetchResponse> {
  const { slot, version, wanted, forgotten, ...rest } = asked
  const name = (topic: string): { topic?: string; topicId?: string } =>
    version >= 13 ? { topicId: ids.get(topic) ?? UNKNOWN_ID } : { topic }
  const request: Draft<FetchRequest> = {
    ...rest,
    sessionId: sessions[slot]!,
    maxBytes: 1 << 20,
    topics: wanted.map(({ topic, partition, fetchOffset }) => ({
      ...name(topic),
      partitions: [{ partition, fetchOffset, partitionMaxBytes: 1 << 20 }],
    })),
    forgottenTopicsData: forgotten.map(({ topic, partition }) => ({ ...name(topic), partitions: [partition] })),
  }
  const response = await client.call(fetchApi, version, request)
  if (response.sessionId !== 0) sessions[slot] = response.sessionId
  return response
}

/** The answer without fields that differ from one cluster to the next. */
function comparable({ errorCode, sessionId, responses }: FetchResponse, { ids }: Side): string {
  const nameOf = new Map([...ids].map(([name, id]) => [id, name]))
  const told = responses.flatMap(({ topic, topicId, partitions }) =>
    partitions.map(({ records, partitionIndex, highWatermark, logStartOffset, ...rest }) =>
      JSON.stringify({
        topic: topicId === ZERO_UUID ? topic : nameOf.get(topicId),
        partitionIndex,
        errorCode: rest.errorCode,
        highWatermark,
        logStartOffset,
        records: Buffer.from(records ?? []).toString('hex'),
      }),
    ),
  )
  return JSON.stringify({ errorCode, hasSession: sessionId !== 0, told: told.sort() }, null, 1)
}

function batch(): Uint8Array {
  const encoder = new RecordEncoder(10_000, 10_000)
  for (let i = random(3); i >= 0; i--) encoder.add(null, `value ${random(100)}`, Date.now() - 3_600_000)
  encoder.finish()
  const bytes = encoder.bytes.slice(0, encoder.length)
  sealBatch(bytes, 0)
  return bytes
}

async function open(broker: string): Promise<Side> {
  const client = await RawClient.connect(broker)
  await client.call(createTopicsApi, 7, {
    topics: names.map((name) => ({ name, numPartitions: 2, replicationFactor: 1 })),
    timeoutMs: 30_000,
  })
  const ids = new Map<string, string>()
  const topics = names.map((topic) => ({ topic, partitions: [0, 1].map((partition) => ({ partition })) }))
  // The leaders of a real Kafka are available a moment later.
  const isReady = async (): Promise<boolean> => {
    const described = await client.call(metadataApi, 12, { topics: names.map((name) => ({ name })) })
    for (const { name, topicId } of described.topics) ids.set(name!, topicId)
    const { responses } = await client.call(fetchApi, 12, { sessionEpoch: -1, maxBytes: 1, topics })
    return responses.every(({ partitions }) => partitions.every(({ errorCode }) => errorCode === errorCodes.NONE))
  }
  await expect.poll(isReady, { timeout: 60_000 }).toBe(true)
  return { client, ids, sessions: slots.map(() => 0) }
}

it(`fetch sessions are as Kafka's (SEED=${seed})`, { timeout: 300_000 }, async () => {
  await using kafka = await EmbeddedKafka.listen()
  const ours = await open(kafka.brokers[0]!)
  const theirs = await open(real)
  await using _ours = ours.client
  await using _theirs = theirs.client
  const sides = [ours, theirs]
  const seen = new Set<number>()
  let told = 0
  try {
    for (let step = 0; step < steps; step++) {
      const topic = one(...names)
      if (random(6) === 0) {
        const topicData = [{ name: topic, partitionData: [{ index: random(2), records: batch() }] }]
        // A copy, because both Kafkas write into the batch.
        for (const { client } of sides) {
          const { responses } = await client.call(produceApi, 9, { acks: -1, timeoutMs: 30_000, topicData })
          expect(responses[0]!.partitionResponses[0]!.errorCode).toBe(errorCodes.NONE)
        }
      } else if (random(40) === 0) {
        const partitions = [{ partitionIndex: random(2), offset: one(1, 2, 3) }]
        for (const { client } of sides) {
          await client.call(deleteRecordsApi, 2, { topics: [{ name: topic, partitions }], timeoutMs: 30_000 })
        }
      } else {
        const asked = anyFetch()
        const [mine, expected] = await Promise.all(sides.map((side) => fetch(side, asked)))
        expect(comparable(mine!, ours), `step ${step}: ${JSON.stringify(asked)}`).toBe(comparable(expected!, theirs))
        seen.add(expected!.errorCode)
        told += expected!.responses.length
        const slot = slots[asked.slot]!
        if (expected!.errorCode !== errorCodes.NONE) slot.epoch = one(slot.epoch, slot.epoch, 0)
        else if (expected!.sessionId === 0) slot.epoch = 0
        else slot.epoch = asked.sessionEpoch + 1
      }
    }
  } finally {
    await theirs.client.call(deleteTopicsApi, 5, { topicNames: names, timeoutMs: 30_000 })
  }
  // The sequence has reached the interesting cases.
  const { NONE, FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH, FETCH_SESSION_TOPIC_ID_ERROR } = errorCodes
  const all = [NONE, FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH, FETCH_SESSION_TOPIC_ID_ERROR]
  expect(seen).toEqual(new Set(all))
  expect(told).toBeGreaterThan(steps)
})
