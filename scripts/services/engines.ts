import { dockerAnswers, dockerEngine } from './docker.ts'
import { processEngine, type Engine } from './engine.ts'

export function engineOf(kind: Engine['kind']): Engine {
  return kind === 'docker' ? dockerEngine : processEngine
}

/** Docker where an engine answers, unless KASPER_DOCKER says no. */
export async function pickEngine(): Promise<Engine> {
  return process.env['KASPER_DOCKER'] !== 'no' && (await dockerAnswers()) ? dockerEngine : processEngine
}
