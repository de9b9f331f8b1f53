import { readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installOnce } from '../installs.ts'
import { fetchJars, findJava } from '../java.ts'
import { isListening } from '../ports.ts'
import type { Install, NodePlan, Progress, Service, Settings } from '../service.ts'

const VERSION = process.env['CASSANDRA_VERSION'] || '5.0.9'
const POM = fileURLToPath(new URL('pom.xml', import.meta.url))

/** The internal packages of Java 17 that Cassandra uses, by module, as in its own start script. */
const EXPORTS = [
  'java.base/jdk.internal.misc',
  'java.base/jdk.internal.ref',
  'java.base/sun.nio.ch',
  'java.management.rmi/com.sun.jmx.remote.internal.rmi',
  'java.rmi/sun.rmi.registry',
  'java.rmi/sun.rmi.server',
  'java.rmi/sun.rmi.transport.tcp',
  'java.sql/java.sql',
]
const OPENS = [
  ...['lang', 'lang.module', 'lang.reflect', 'io', 'math', 'net', 'nio', 'util', 'util.concurrent', 'util.concurrent.atomic'].map(
    (it) => `java.base/java.${it}`,
  ),
  ...['loader', 'ref', 'reflect', 'math', 'module', 'util.jar'].map((it) => `java.base/jdk.internal.${it}`),
  'java.base/sun.nio.ch',
  'jdk.management/com.sun.management.internal',
]
const ACCESS = [
  ...EXPORTS.flatMap((it) => ['--add-exports', `${it}=ALL-UNNAMED`]),
  ...OPENS.flatMap((it) => ['--add-opens', `${it}=ALL-UNNAMED`]),
]

/** By default Cassandra acknowledges writes before its log is on disk, and `kill -9` loses them. Also in compose.yaml. */
const SYNC_BEFORE_ACKNOWLEDGING = [
  '-Dcassandra.config.allow_system_properties=true',
  '-Dcassandra.settings.commitlog_sync=batch',
  '-Dcassandra.settings.commitlog_sync_period=0ms',
]

const LOGGING = `<configuration>
  <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level [%thread] %date{ISO8601} %F:%L - %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="console"/></root>
</configuration>
`

const dataDir = (settings: Settings): string => join(settings.dir, 'data')

function configuration(settings: Settings): string {
  const [port, storagePort, sslStoragePort] = settings.ports
  const data = dataDir(settings)
  return `cluster_name: kasper-services
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
seed_provider: [{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: "127.0.0.1:${storagePort}"}]}]
listen_address: 127.0.0.1
storage_port: ${storagePort}
ssl_storage_port: ${sslStoragePort}
rpc_address: 127.0.0.1
start_native_transport: true
native_transport_port: ${port}
commitlog_sync: periodic
commitlog_sync_period: 10s
commitlog_segment_size: 8MiB
data_file_directories: [${data}/data]
commitlog_directory: ${data}/commitlog
saved_caches_directory: ${data}/saved_caches
hints_directory: ${data}/hints
cdc_raw_directory: ${data}/cdc_raw
auto_snapshot: false
`
}

/** A single Cassandra node from Maven Central's cassandra-all. */
export const cassandra: Service = {
  name: 'cassandra',
  title: `Apache Cassandra ${VERSION}`,
  version: VERSION,
  portVariable: 'CASSANDRA_PORT',
  defaultPort: 19042,
  portOffsets: [0, 1, 2],

  async install(progress: Progress): Promise<Install> {
    const java = await findJava('java', 17, 17)
    const dir = await installOnce(`cassandra-${VERSION}`, async (dir) => {
      progress.say(`downloading Apache Cassandra ${VERSION} with Maven …`)
      await fetchJars(POM, VERSION, dir, progress)
    })
    return { dir, java }
  },

  async configure(settings: Settings): Promise<void> {
    await mkdir(settings.dir, { recursive: true })
    await writeFile(join(settings.dir, 'logback.xml'), LOGGING)
    await writeFile(join(settings.dir, 'cassandra.yaml'), configuration(settings))
  },

  nodes: (settings: Settings): readonly NodePlan[] => [
    {
      name: 'cassandra-1',
      port: settings.ports[0]!,
      command: (install) => [
        install.java!,
        ...ACCESS,
        `-javaagent:${join(
          install.dir,
          readdirSync(install.dir).find((it) => it.startsWith('jamm-'))!,
        )}`,
        '-Xms512m',
        '-Xmx512m',
        '-Xss512k',
        '-XX:+UseSerialGC',
        '-Djdk.attach.allowAttachSelf=true',
        '-Djava.net.preferIPv4Stack=true',
        `-Dcassandra.config=file://${join(settings.dir, 'cassandra.yaml')}`,
        `-Dcassandra.storagedir=${dataDir(settings)}`,
        `-Dlogback.configurationFile=${join(settings.dir, 'logback.xml')}`,
        '-Dcassandra-foreground=yes',
        // A single node has no other nodes to wait for.
        '-Dcassandra.skip_wait_for_gossip_to_settle=0',
        '-Dcassandra.ring_delay_ms=1000',
        '-Dcassandra.superuser_setup_delay_ms=0',
        ...SYNC_BEFORE_ACKNOWLEDGING,
        '-cp',
        join(install.dir, '*'),
        'org.apache.cassandra.service.CassandraDaemon',
      ],
      // The log line comes shortly before the port is open.
      isReady: async (log) => log.includes('Starting listening for CQL clients') && (await isListening(settings.ports[0]!)),
    },
  ],

  environment: (settings: Settings): Readonly<Record<string, string>> => ({
    CASSANDRA_CONTACT_POINTS: `127.0.0.1:${settings.ports[0]}`,
    CASSANDRA_LOCAL_DATACENTER: 'datacenter1',
  }),
}
