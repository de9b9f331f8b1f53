import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installOnce } from '../installs.ts'
import { fetchJars, findJava, findJavaOrFetch21 } from '../java.ts'
import { run } from '../processes.ts'
import type { Install, NodePlan, Progress, Service, Settings } from '../service.ts'

const VERSION = process.env['ELASTICSEARCH_VERSION'] || '9.5.3'
const POM = fileURLToPath(new URL('pom.xml', import.meta.url))
const MAIN = fileURLToPath(new URL('ElasticsearchNode.java', import.meta.url))

const LOGGING = `status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d][%-5p][%c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
`

const configDir = (settings: Settings): string => join(settings.dir, 'config')
const url = (settings: Settings): string => `http://127.0.0.1:${settings.ports[0]}`

/** Makes the folder of the HTTP server, which is a plug-in. Its descriptor must not name a Java module. */
async function arrangeTransport(dir: string): Promise<void> {
  const lib = join(dir, 'lib')
  const module = join(dir, 'modules', 'transport-netty4')
  await mkdir(module, { recursive: true })
  const jars = (await readdir(lib)).filter((it) => /^(netty|transport-netty4)-/.test(it))
  for (const jar of jars) await rename(join(lib, jar), join(module, jar))
  const descriptor = 'META-INF/es-plugins/transport-netty4/plugin-descriptor.properties'
  await run(['jar', '--extract', '--file', jars.find((it) => it.startsWith('transport-netty4-'))!, descriptor], { cwd: module })
  const text = await readFile(join(module, descriptor), 'utf8')
  await rm(join(module, 'META-INF'), { recursive: true })
  await writeFile(join(module, 'plugin-descriptor.properties'), text.replace(/^modulename=.*/m, 'modulename='))
}

/** Elasticsearch from the jars of Maven Central: the real server, but without the modules that only its distribution has. */
export const elasticsearch: Service = {
  name: 'elasticsearch',
  title: `Elasticsearch ${VERSION}`,
  version: VERSION,
  portVariable: 'ELASTICSEARCH_PORT',
  defaultPort: 19200,
  portOffsets: [0, 100],

  async install(progress: Progress): Promise<Install> {
    const javac = await findJava('javac', 17)
    const java = await findJavaOrFetch21(progress)
    const dir = await installOnce(`elasticsearch-${VERSION}`, async (dir) => {
      progress.say(`downloading Elasticsearch ${VERSION} with Maven …`)
      await fetchJars(POM, VERSION, join(dir, 'lib'), progress)
      await arrangeTransport(dir)
      await mkdir(join(dir, 'plugins'))
      await run([javac, '--release', '17', '-d', join(dir, 'classes'), MAIN])
    })
    return { dir, java }
  },

  async configure(settings: Settings): Promise<void> {
    await mkdir(join(settings.dir, 'tmp'), { recursive: true })
    await mkdir(configDir(settings), { recursive: true })
    await writeFile(join(configDir(settings), 'log4j2.properties'), LOGGING)
    // The breaker for real memory expects G1. With the serial collector, a full heap can make it refuse all further requests.
    await writeFile(
      join(configDir(settings), 'elasticsearch.yml'),
      `cluster.name: kasper-services
network.host: ${settings.bindAddress}
http.port: ${settings.ports[0]}
transport.port: ${settings.ports[1]}
discovery.type: single-node
path.data: ${join(settings.dir, 'data')}
path.logs: ${join(settings.dir, 'logs')}
cluster.routing.allocation.disk.threshold_enabled: false
indices.breaker.total.use_real_memory: false
`,
    )
  },

  nodes: (settings: Settings): readonly NodePlan[] => [
    {
      name: 'elasticsearch-1',
      port: settings.ports[0]!,
      command: (install) => [
        install.java!,
        '-Xms512m',
        '-Xmx512m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        `-Des.path.home=${install.dir}`,
        `-Des.path.conf=${configDir(settings)}`,
        `-Djava.io.tmpdir=${join(settings.dir, 'tmp')}`,
        '-cp',
        `${join(install.dir, 'classes')}:${join(install.dir, 'lib', '*')}`,
        'ElasticsearchNode',
      ],
      async isReady() {
        const health = (await fetch(`${url(settings)}/_cluster/health`).then(
          (it) => it.json(),
          () => ({}),
        )) as { status?: string }
        return health.status === 'green' || health.status === 'yellow'
      },
    },
  ],

  environment: (settings: Settings): Readonly<Record<string, string>> => ({ ELASTICSEARCH_URL: url(settings) }),
}
