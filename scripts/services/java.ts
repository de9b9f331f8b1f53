import { join } from 'node:path'
import { installOnce } from './installs.ts'
import { run } from './processes.ts'
import type { Progress } from './service.ts'
import { ServiceError } from './service-error.ts'

const INSTALL_JAVA = 'install a JDK 17 (Debian, Ubuntu: apt install openjdk-17-jdk-headless; macOS: brew install openjdk@17), or start Docker'
const INSTALL_MAVEN = 'install Maven, it fetches the jars (Debian, Ubuntu: apt install maven; macOS: brew install maven), or start Docker'

/** A program of the JDK that JAVA_HOME names, or else of the one on the PATH; Java must be at least `version`. */
export async function findJava(version: number, program: 'java' | 'javac' = 'java'): Promise<string> {
  const path = process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin', program) : program
  const found = await run([path, '--version'], { fix: INSTALL_JAVA })
  const major = Number(/\d+/.exec(found)?.[0])
  if (!(major >= version)) throw new ServiceError(`${path} is version ${major}, and ${version} or newer is needed`, { fix: INSTALL_JAVA })
  return path
}

/** Fetches what a `pom.xml` depends on into `dir`, with Maven; `version` fills the pom's `${server.version}`. */
export async function fetchJars(pom: string, version: string, dir: string, progress: Progress): Promise<void> {
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${dir}`]
  await run(['mvn', '-q', '-B', '-f', pom, `-Dserver.version=${version}`, ...goal], { cwd: dir, signal: progress.signal, fix: INSTALL_MAVEN })
}
