// The clients that measure both brokers. Each is a program: `produce|consume BROKER TOPIC MESSAGES SIZE`.
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { installOnce } from '../../scripts/services/installs.ts'
import { run } from '../../scripts/services/processes.ts'

const CONFLUENT_KAFKA = '2.16.1'
const here = fileURLToPath(new URL('.', import.meta.url))

export interface Client {
  readonly name: string
  readonly command: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** The number of messages of 100 bytes in a pass, so that the pass takes a few seconds. */
  readonly messages: number
}

/** One client that writes or reads a whole topic. */
export interface Pass {
  readonly messages: number
  readonly seconds: number
}

/** Downloads or compiles the named clients. Compiled programs go into `folder`. */
export async function prepareClients(names: readonly string[], folder: string): Promise<readonly Client[]> {
  const makers: Readonly<Record<string, () => Promise<Client>>> = {
    raw: async () => ({ name: 'raw', command: [process.execPath, join(here, 'raw.ts')], messages: 2_000_000 }),
    kafkajs: async () => ({ name: 'kafkajs', command: [process.execPath, join(here, 'kafkajs.ts')], messages: 200_000 }),
    librdkafka: async () => {
      const packages = await installOnce(`confluent-kafka-${CONFLUENT_KAFKA}`, async (target) => {
        const pip = ['python3', '-m', 'pip', 'install', '--quiet', '--target', target]
        await run([...pip, `confluent-kafka==${CONFLUENT_KAFKA}`])
      })
      const env = { ...process.env, PYTHONPATH: packages }
      return { name: 'librdkafka', command: ['python3', join(here, 'librdkafka.py')], env, messages: 500_000 }
    },
    'franz-go': async () => {
      const program = join(folder, 'franz')
      await run(['go', 'build', '-o', program, '.'], { cwd: join(here, 'franz') })
      return { name: 'franz-go', command: [program], messages: 1_000_000 }
    },
  }
  const clients: Client[] = []
  for (const name of names) {
    const make = makers[name]
    if (make === undefined)
      throw new TypeError(`--clients ${name}: there is no such client. Use some of ${Object.keys(makers).join(', ')}`)
    clients.push(await make())
  }
  return clients
}

/** Runs a client that writes or reads the topic. The seconds are without the start of the program. */
export async function measure(
  { command, env = process.env }: Client,
  what: 'produce' | 'consume',
  broker: string,
  topic: string,
  messages: number,
  size: number,
): Promise<Pass> {
  const printed = await run([...command, what, broker, topic, String(messages), String(size)], { env })
  const pass = JSON.parse(printed.trim().split('\n').at(-1)!) as Pass
  if (pass.messages !== messages)
    throw new Error(`${command.join(' ')} ${what}: only ${pass.messages} of ${messages} messages arrived`)
  return pass
}
