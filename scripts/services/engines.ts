import { processEngine, type Engine } from './engine.ts'

export function engineOf(kind: Engine['kind']): Engine {
  if (kind === 'docker') throw new Error('not yet')
  return processEngine
}

export async function pickEngine(): Promise<Engine> {
  return processEngine
}
