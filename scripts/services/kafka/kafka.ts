import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installOnce } from '../installs.ts'
import { fetchJars, findJava } from '../java.ts'
import type { Install, NodePlan, Progress, Service, Settings } from '../service.ts'
import { certificates, makeCertificates } from './certificates.ts'

const VERSION = process.env['KAFKA_VERSION'] || '4.1.0'
const POM = fileURLToPath(new URL('pom.xml', import.meta.url))

/** Any 16 bytes in URL-safe base64; these spell "kasper-services". */
const CLUSTER_ID = 'a2FzcGVyLXNlcnZpY2VzAA'
const USERNAME = 'kasper'
const PASSWORD = 'kasper-secret'

/** The listeners of a node, in the order of its ports. */
const LISTENERS = ['PLAINTEXT', 'CONTROLLER', 'SASL_SSL', 'SSL'] as const
/** The distance between the ports of two nodes: 19092, 19102, 19112. */
const NODE_STEP = 10

/** Apache Kafka in KRaft mode. Every node is both broker and controller. */
function kafkaService(name: string, nodeCount: number, portVariable: string, defaultPort: number): Service {
  const nodes = Array.from({ length: nodeCount }, (_, node) => node)
  const port = (settings: Settings, node: number, listener: (typeof LISTENERS)[number]): number =>
    settings.ports[node * LISTENERS.length + LISTENERS.indexOf(listener)]!
  const nodeDir = (settings: Settings, node: number): string => join(settings.dir, `node-${node + 1}`)
  const propertiesFile = (settings: Settings, node: number): string => join(nodeDir(settings, node), 'server.properties')
  const addresses = (settings: Settings, listener: (typeof LISTENERS)[number]): string =>
    nodes.map((node) => `127.0.0.1:${port(settings, node, listener)}`).join(',')

  function properties(settings: Settings, node: number): string {
    const files = certificates(join(settings.dir, 'certificates'))
    const replication = nodeCount
    const minInSync = nodeCount === 1 ? 1 : 2
    const listeners = LISTENERS.map(
      (it) => `${it}://${it === 'CONTROLLER' ? '127.0.0.1' : settings.bindAddress}:${port(settings, node, it)}`,
    )
    const advertised = LISTENERS.filter((it) => it !== 'CONTROLLER').map((it) => `${it}://127.0.0.1:${port(settings, node, it)}`)
    const voters = nodes.map((it) => `${it + 1}@127.0.0.1:${port(settings, it, 'CONTROLLER')}`)
    return `process.roles=broker,controller
node.id=${node + 1}
controller.quorum.voters=${voters.join(',')}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listeners=${listeners.join(',')}
advertised.listeners=${advertised.join(',')}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL
ssl.keystore.type=PEM
ssl.keystore.location=${files.server}
ssl.truststore.type=PEM
ssl.truststore.location=${files.ca}
listener.name.ssl.ssl.client.auth=required
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
log.dirs=${join(nodeDir(settings, node), 'data')}
auto.create.topics.enable=false
default.replication.factor=${replication}
min.insync.replicas=${minInSync}
offsets.topic.replication.factor=${replication}
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=${replication}
transaction.state.log.min.isr=${minInSync}
transaction.state.log.num.partitions=4
# Tests wait for groups to form and for members to be missed: no delay before the first rebalance, and short sessions allowed.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=100
# The controller misses a killed broker after three seconds instead of nine.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# Kafka allocates this at its start; the default is 128 MB.
log.cleaner.dedupe.buffer.size=8388608
`
  }

  const java = (install: Install, mainClass: string, ...args: string[]): readonly string[] => [
    install.java!,
    '-Xmx768m',
    '-XX:+UseSerialGC',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-cp',
    join(install.dir, '*'),
    mainClass,
    ...args,
  ]

  return {
    name,
    title: `Apache Kafka ${VERSION}${nodeCount === 1 ? '' : `, ${nodeCount} nodes`}`,
    version: VERSION,
    portVariable,
    defaultPort,
    portOffsets: nodes.flatMap((node) => LISTENERS.map((_, listener) => node * NODE_STEP + listener)),

    async install(progress: Progress): Promise<Install> {
      const java = await findJava('java', 17)
      const dir = await installOnce(`kafka-${VERSION}`, async (dir) => {
        progress.say(`downloading Apache Kafka ${VERSION} with Maven …`)
        await fetchJars(POM, VERSION, dir, progress)
      })
      return { dir, java }
    },

    async configure(settings: Settings): Promise<void> {
      await makeCertificates(join(settings.dir, 'certificates'))
      for (const node of nodes) {
        await mkdir(nodeDir(settings, node), { recursive: true })
        await writeFile(propertiesFile(settings, node), properties(settings, node))
      }
    },

    nodes: (settings: Settings): readonly NodePlan[] =>
      nodes.map((node) => ({
        name: `${name}-${node + 1}`,
        port: port(settings, node, 'PLAINTEXT'),
        prepare: (install) =>
          existsSync(join(nodeDir(settings, node), 'data', 'meta.properties'))
            ? undefined
            : java(
                install,
                'kafka.tools.StorageTool',
                'format',
                '-t',
                CLUSTER_ID,
                '-c',
                propertiesFile(settings, node),
                '--add-scram',
                `SCRAM-SHA-512=[name=${USERNAME},password=${PASSWORD}]`,
              ),
        command: (install) => java(install, 'kafka.Kafka', propertiesFile(settings, node)),
        isReady: (log) => log.includes('Kafka Server started'),
      })),

    environment(settings: Settings): Readonly<Record<string, string>> {
      const files = certificates(join(settings.dir, 'certificates'))
      return {
        KAFKA_BROKERS: addresses(settings, 'PLAINTEXT'),
        KAFKA_SASL_BROKERS: addresses(settings, 'SASL_SSL'),
        KAFKA_TEST_SASL_USERNAME: USERNAME,
        KAFKA_TEST_SASL_PASSWORD: PASSWORD,
        KAFKA_SSL_BROKERS: addresses(settings, 'SSL'),
        KAFKA_TEST_CA: files.ca,
        KAFKA_TEST_CLIENT_CERT: files.clientCertificate,
        KAFKA_TEST_CLIENT_KEY: files.clientKey,
      }
    },
  }
}

/** One broker, for most tests. */
export const kafka: Service = kafkaService('kafka', 1, 'KAFKA_PORT', 19092)

/** Three brokers with replication factor 3 and two in-sync replicas, for tests that kill one. */
export const kafka3: Service = kafkaService('kafka3', 3, 'KAFKA3_PORT', 19392)
