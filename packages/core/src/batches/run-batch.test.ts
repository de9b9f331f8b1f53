import { describe, expect, test } from 'vitest'
import type { BatchParticipant, ProcessContext } from '../index.ts'
import { BatchSender, runBatch } from './run-batch.ts'

const context: ProcessContext = { partition: 0, signal: new AbortController().signal }
const sender = new BatchSender(async () => [])

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

describe('A batch and its participants', () => {
  function participants(calls: string[], failing?: string): BatchParticipant[] {
    return ['one', 'two'].map((name) => {
      const call = async (what: string): Promise<void> => {
        calls.push(`${what} ${name}`)
        await turn()
        calls.push(`${what} ${name} done`)
        if (failing === `${what} ${name}`) throw new Error(failing)
      }
      return {
        begin: () => call('begin'),
        end: () => call('end'),
        discard: () => void calls.push(`discard ${name}`),
        release: () => {},
      }
    })
  }

  const begins = ['begin one', 'begin two', 'begin one done', 'begin two done']
  const ends = ['end one', 'end two', 'end one done', 'end two done']
  const discards = ['discard one', 'discard two']

  test('All begin, the processor runs, all end', async () => {
    const calls: string[] = []
    await runBatch({ participants: participants(calls), process: () => void calls.push('process') }, [], sender, context)
    expect(calls).toEqual([...begins, 'process', ...ends])
  })

  test.for([
    ['begin one', [...begins, ...discards]],
    ['begin two', [...begins, ...discards]],
    ['process', [...begins, 'process', ...discards]],
    ['end one', [...begins, 'process', ...ends, ...discards]],
  ] as const)('When %s fails, all participants discard, once none of them is running', async ([failing, expected]) => {
    const calls: string[] = []
    const process = async (): Promise<void> => {
      calls.push('process')
      if (failing === 'process') throw new Error(failing)
    }
    const failed = runBatch({ participants: participants(calls, failing), process }, [], sender, context)
    await expect(failed).rejects.toThrow(failing)
    expect(calls).toEqual(expected)
  })
})
