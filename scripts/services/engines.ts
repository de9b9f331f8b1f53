import { dockerAnswers, dockerEngine } from './docker.ts'
import { processEngine, type Engine } from './engine.ts'

export function engineOf(kind: Engine['kind']): Engine {
  return kind === 'docker' ? dockerEngine : processEngine
}

/** Docker if it is running and KASPER_DOCKER is not `no`, otherwise plain processes. */
export async function pickEngine(): Promise<Engine> {
  return process.env['KASPER_DOCKER'] !== 'no' && (await dockerAnswers()) ? dockerEngine : processEngine
}
