import { randomUUID } from 'node:crypto'
import { EventStoreDBClient } from '@eventstore/db-client'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { addressOf } from '../../../../src/adapters/eventstore/esdb/address.ts'
import { E } from '../../../../src/prelude.ts'
import { type EsdbDouble, startEsdbDouble } from '../../../support/esdb-double/esdb-double.ts'
import { expectationFiles, meet } from './expectations.ts'
import { realServer } from './real-server.ts'

describe.each([
  ['many to a call', true],
  ['one to a call', false],
])('the double does what is known of EventStoreDB, appends %s', (_, offersBatches) => {
  let double: EsdbDouble
  let client: EventStoreDBClient
  beforeAll(async () => {
    double = await startEsdbDouble({ offersBatches })
    client = EventStoreDBClient.connectionString(double.connectionString)
  })
  afterAll(async () => {
    await client.dispose()
    await double.stop()
  })
  for (const { name, known, expectations } of expectationFiles())
    for (const expectation of expectations)
      test(`${name} (known from ${known}): ${expectation.title}`, () => meet(client, expectation, randomUUID()))
})

describe('a real EventStoreDB does what the double does', () => {
  for (const { name, expectations } of expectationFiles())
    for (const expectation of expectations)
      test(`${name}: ${expectation.title}`, async (context) => {
        const address = realServer(context)
        const parsed = addressOf(address)
        if (E.isLeft(parsed)) throw new Error(parsed.left)
        const client = EventStoreDBClient.connectionString(parsed.right.connectionString)
        await meet(client, expectation, `expectation_${randomUUID()}`)
        await client.dispose()
      })
})
