import { multiStoreConformance, storeConformance } from '@kasper/testing/conformance'
import { describe, test } from 'vitest'
import { bytes, MapMultiStore, MapStore, withCodec, withPrefix } from '../index.ts'

// A store in memory has nothing to close or to open again.
const storeCases = storeConformance.filter(({ needs }) => needs !== 'close' && needs !== 'reopen')
const multiStoreCases = multiStoreConformance.filter(({ needs }) => needs !== 'close')

describe.for([
  ['A map store', () => new MapStore()],
  ['The store of a tenant', () => new MapMultiStore().tenant('acme')],
  ['A typed view', () => withCodec(new MapStore(), bytes())],
  [
    'A view with a prefix',
    () =>
      withPrefix(
        new MapStore(
          new Map([
            ['a', new Uint8Array(1)],
            ['view', new Uint8Array(1)],
          ]),
        ),
        'view/',
      ),
  ],
] as const)('%s', ([, store]) => {
  test.for(storeCases)('$name', ({ run }) => run({ store: store() }))
})

describe.for([
  ['A map multi-store', () => new MapMultiStore()],
  ['A typed view of one', () => withCodec(new MapMultiStore(), bytes())],
  ['A view of one with a prefix', () => withPrefix(new MapMultiStore(), 'view/')],
] as const)('%s', ([, store]) => {
  test.for(multiStoreCases)('$name', ({ run }) => run({ store: store() }))
})
