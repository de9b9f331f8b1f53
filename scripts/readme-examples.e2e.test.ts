// Needs KAFKA_BROKERS, ELASTICSEARCH_URL and CASSANDRA_CONTACT_POINTS, which the examples read.
import { expect, test } from 'vitest'
import { runExample } from './readme-examples.ts'

test.for(['kafkajs', 'platformatic'])('The example of @kasper/%s shouts what is written to its topic', (client) => {
  expect(runExample(`packages/${client}`).trim().split(' ').toSorted()).toEqual(['BE!', 'BE!', 'NOT!', 'OR!', 'TO!', 'TO!'])
})

test.for(['elastic', 'cassandra'])('The example of @kasper/store-%s counts what it says, again and again', (store) => {
  const both = /(?=.*'SFO' => { count: 2, offset: 2 })(?=.*'OAK' => { count: 1, offset: 1 })/
  for (let i = 0; i < 2; i++) expect(runExample(`packages/store-${store}`)).toMatch(both)
})
