import { openEsdbEventStore } from '../../../../src/adapters/eventstore/esdb/open-esdb-event-store.ts'
import { E } from '../../../../src/prelude.ts'
import { eventStoreContract } from '../../../contracts/event-store-contract.ts'
import { startEsdbDouble } from '../../../support/esdb-double/esdb-double.ts'

/** Set by the test that proves this suite red when the double stores whatever it is given. */
const checkRevisions = process.env['JOBLEDGER_TEST_DOUBLE_TAKES_ALL'] === undefined

eventStoreContract('EventStoreDB (the double)', async () => {
  const double = await startEsdbDouble({ checkRevisions })
  const open = async () => {
    const opened = await openEsdbEventStore(double.connectionString, { onNotice: console.error })
    if (E.isLeft(opened)) throw new Error(opened.left.message)
    return opened.right
  }
  return { store: await open(), reopen: open, cleanup: double.stop }
})
