/** The folder, ports and address of one start of a server. */
export interface Settings {
  /** The folder for configuration, logs and data. The server writes nowhere else. */
  readonly dir: string
  /** One port for each of the service's `portOffsets`, in that order. */
  readonly ports: readonly number[]
  /** The address to listen on: 127.0.0.1, or 0.0.0.0 in a container. */
  readonly bindAddress: string
}

/** One process of a server, such as one broker of a cluster. */
export interface NodePlan {
  /** Unique among the nodes of all services, for example `kafka3-2`. Also the name in `compose.yaml`. */
  readonly name: string
  /** The port for clients, on 127.0.0.1. */
  readonly port: number
  /** A command that prepares the node's data folder before the first start; `undefined` if it is prepared already. */
  prepare?(install: Install): readonly string[] | undefined
  /** The program and its arguments. */
  command(install: Install): readonly string[]
  /** Whether clients can use the node. `log` is its output since its start. */
  isReady(log: string): boolean | Promise<boolean>
}

/** An installed server: the folder with its files, and the Java that runs it. */
export interface Install {
  readonly dir: string
  /** The path of `java`, if the server needs it. */
  readonly java?: string
}

/** Given to everything that takes long. */
export interface Progress {
  /** Prints one line of progress. */
  say(line: string): void
  /** Aborts when the launcher is interrupted. */
  readonly signal?: AbortSignal
}

/**
 * A server that the launcher can start. Each server has one object, in its own file. The launcher itself takes care of state files,
 * logs, waiting, stopping, and the choice between Docker and plain processes.
 */
export interface Service {
  readonly name: string
  /** Product and version, for messages. */
  readonly title: string
  /** The tag of its Docker image. */
  readonly version: string
  /** The environment variable that sets the first port. The other ports keep their distance from it. */
  readonly portVariable: string
  readonly defaultPort: number
  /** All ports of the server, relative to the first. */
  readonly portOffsets: readonly number[]
  /** Downloads the server, for runs without Docker. Later calls find it there. Rejects with a `ServiceError`. */
  install(progress: Progress): Promise<Install>
  /** Writes the configuration into `settings.dir`. */
  configure(settings: Settings): Promise<void>
  nodes(settings: Settings): readonly NodePlan[]
  /** The environment variables with the addresses of the server. */
  environment(settings: Settings): Readonly<Record<string, string>>
}
