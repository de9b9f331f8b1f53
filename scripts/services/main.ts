// npm run services -- start|stop|status|env [NAME…]: starts and stops real servers on 127.0.0.1. See docs/services.md.
import { services, serviceNamed } from './all.ts'
import { home } from './folders.ts'
import { end, endOrphans, sharedFolder, startShared, usualPorts } from './instance.ts'
import { aliveNodes, findShared, runningNodes } from './running.ts'
import type { Service } from './service.ts'
import { ServiceError } from './service-error.ts'

const HELP = `npm run services -- start|stop|status|env [NAME…] [--keep] [--json]

Starts real servers on 127.0.0.1 for tests and examples. If Docker is running, they are containers (compose.yaml).
Otherwise they are plain processes from the package registries: this needs Java 17 and Maven, and downloads for up to a
minute at the first start.

  start [NAME…]   starts the servers (without NAME: kafka) and returns when they are ready; --keep keeps the data of the
                  last run, which is deleted otherwise
  stop [NAME…]    stops servers that this launcher has started (without NAME: all)
  status          prints name, address, process and start time of each running server
  env [NAME…]     prints the environment variables with the addresses of the servers, for a shell to eval; --json: as JSON

Servers, with the variable that sets the first port:
${services.map((it) => `  ${it.name.padEnd(14)}${it.title.padEnd(32)}${it.portVariable}=${it.defaultPort}`).join('\n')}

Downloads and data are in ${home} (KASPER_SERVICES sets another folder).
KASPER_DOCKER=no starts plain processes even if Docker is running.`

const say = (line: string): void => console.log(line)

async function start(service: Service, keep: boolean, signal: AbortSignal): Promise<void> {
  const running = await runningNodes(service)
  if (running !== undefined) {
    say(`${service.name} is already running: ${running.join(', ')}`)
    return
  }
  await startShared(service, { say, signal, keep })
  for (const line of (await runningNodes(service)) ?? []) say(`ready: ${line}`)
}

async function stop(service: Service): Promise<void> {
  const found = findShared(service)
  const alive = found === undefined ? [] : await aliveNodes(service, found)
  if (alive.length === 0) say(`${service.name} is not running`)
  else say(`stopping ${alive.join(', ')} …`)
  if (found !== undefined) await end(found.dir, found.state, 'stop')
}

async function status(named: readonly Service[]): Promise<void> {
  for (const service of named) {
    const found = findShared(service)
    const alive = found === undefined ? [] : await aliveNodes(service, found)
    if (found === undefined || alive.length === 0) say(`${service.name.padEnd(14)} not running`)
    else for (const line of alive) say(`${service.name.padEnd(14)} ${line}, up since ${found.state.upSince}`)
  }
}

/** The variables with the address of a server: the running one's, or those it would have if it were started now. */
function environment(service: Service): Readonly<Record<string, string>> {
  const settings = findShared(service)?.settings ?? {
    dir: sharedFolder(service),
    ports: usualPorts(service),
    bindAddress: '127.0.0.1',
  }
  return service.environment(settings)
}

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const flags = args.filter((arg) => arg.startsWith('-'))
  const [command, ...names] = args.filter((arg) => !arg.startsWith('-'))
  if (command === undefined || flags.includes('--help') || flags.includes('-h')) {
    say(HELP)
    process.exitCode = command === undefined && flags.length === 0 ? 2 : 0
    return
  }
  const unknown = flags.find((flag) => flag !== '--keep' && flag !== '--json')
  if (unknown !== undefined) throw new ServiceError(`there is no option ${unknown}`, { fix: 'see npm run services -- --help' })
  const named = names.map(serviceNamed)
  const interruption = new AbortController()
  const interrupt = (): void => interruption.abort(new ServiceError('interrupted; the servers of this call are stopped'))
  switch (command) {
    case 'start':
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt)
      for (const service of named.length > 0 ? named : [serviceNamed('kafka')])
        await start(service, flags.includes('--keep'), interruption.signal)
      return
    case 'stop':
      await Promise.all((named.length > 0 ? named : services.filter((it) => findShared(it) !== undefined)).map(stop))
      if (named.length === 0) await endOrphans(say)
      return
    case 'status':
      return await status(named.length > 0 ? named : services)
    case 'env': {
      const variables = Object.assign(
        {},
        ...(named.length > 0 ? named : services.filter((it) => findShared(it) !== undefined)).map(environment),
      ) as object
      if (flags.includes('--json')) say(JSON.stringify(variables, undefined, 2))
      else for (const [name, value] of Object.entries(variables)) say(`export ${name}=${value}`)
      return
    }
    default:
      throw new ServiceError(`there is no command "${command}"`, { fix: 'use start, stop, status or env' })
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof ServiceError ? error.message : error)
  process.exitCode = 1
})
