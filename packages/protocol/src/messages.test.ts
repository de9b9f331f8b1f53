import { describe, expect, it } from 'vitest'
import { staleFiles } from '../generator/main.ts'

describe('the generated codecs', () => {
  it('are what the generator writes; else: pnpm --filter @kasper/protocol generate', () => {
    expect(staleFiles()).toEqual([])
  })
})
