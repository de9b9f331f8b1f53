/** What one start of a server has to itself: a folder, ports, and somewhere to tell its progress. */
export interface Settings {
  /** Configuration, logs and data go here; nothing outside it is written to. */
  readonly dir: string
  /** One port for each of the service's `portOffsets`, in that order. */
  readonly ports: readonly number[]
  /** The address to listen on: loopback, or every address of its own network when it runs in a container. */
  readonly bindAddress: string
}

/** One process of a server: a broker of a cluster, or the whole server where it has only one. */
export interface NodePlan {
  /** Unique among the nodes of all services, for example `kafka3-2`. Also the name in `compose.yaml`. */
  readonly name: string
  /** Where its clients connect on 127.0.0.1. */
  readonly port: number
  /** A command that has to succeed before the first start of this node's data folder, or `undefined` when it already has. */
  prepare?(install: Install): readonly string[] | undefined
  /** The program and its arguments. */
  command(install: Install): readonly string[]
  /** Whether clients can use it now; `log` is what it has printed since its start. */
  isReady(log: string): boolean | Promise<boolean>
}

/** What an installation left behind: the folder with its files, and the Java that runs it. */
export interface Install {
  readonly dir: string
  /** The `java` program; servers that need none leave it out. */
  readonly java?: string
}

/** What installing and configuring may use. */
export interface Progress {
  /** Prints one line of progress. */
  say(line: string): void
  /** Aborts when the launcher is told to stop. */
  readonly signal?: AbortSignal
}

/**
 * A server that the launcher can start: one object per server, each in a file of its own. Pid files, logs, waiting, stopping
 * and the choice between Docker and plain processes are the launcher's.
 */
export interface Service {
  readonly name: string
  /** Product and version, for people. */
  readonly title: string
  /** The tag of its image for Docker. */
  readonly version: string
  /** The environment variable that moves the first port; the others move with it. */
  readonly portVariable: string
  readonly defaultPort: number
  /** Every port it takes, relative to the first. */
  readonly portOffsets: readonly number[]
  /** Downloads what is needed to run it without Docker, once; later calls return at once. Fails with a `ServiceError`. */
  install(progress: Progress): Promise<Install>
  /** Writes its configuration into `settings.dir`. */
  configure(settings: Settings): Promise<void>
  nodes(settings: Settings): readonly NodePlan[]
  /** The environment that tells tests and programs where it is. */
  environment(settings: Settings): Readonly<Record<string, string>>
}
