// Runs in a worker thread: a Kafka in memory that listens on this machine.
import { parentPort } from 'node:worker_threads'
import { MemoryKafka } from '@kasper/testing'

const kafka = await MemoryKafka.listen()
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread, not to a window
parentPort!.postMessage(kafka.brokers[0])
