import { randomUUID } from 'node:crypto'
import { test } from 'vitest'
import { openEsdbEventStore } from '../../../../src/adapters/eventstore/esdb/open-esdb-event-store.ts'
import { E } from '../../../../src/prelude.ts'
import { eventStoreContract } from '../../../contracts/event-store-contract.ts'
import { startEsdbDouble } from '../../../support/esdb-double/esdb-double.ts'
import { onRealServer, realServer } from './real-server.ts'

/** Set by the test that proves this suite red when the double stores whatever it is given. */
const checkRevisions = process.env['JOBLEDGER_TEST_DOUBLE_TAKES_ALL'] === undefined

const opener = (address: string, prefix: string) => async () => {
  const opened = await openEsdbEventStore(address, { prefix })
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  return opened.right
}

eventStoreContract('EventStoreDB (the double)', async () => {
  const double = await startEsdbDouble({ checkRevisions })
  const open = opener(double.connectionString, '')
  return { store: await open(), reopen: open, cleanup: double.stop }
})

onRealServer((address) =>
  eventStoreContract('EventStoreDB (a real server)', async () => {
    const open = opener(address, `contract_${randomUUID()}_`)
    return { store: await open(), reopen: open, cleanup: async () => {} }
  }),
)

test('the contract is run against a real EventStoreDB', (context) => void realServer(context))
