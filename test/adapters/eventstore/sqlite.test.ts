import { expect } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteEventStore } from '../../../src/adapters/eventstore/sqlite/open-sqlite-event-store.ts'
import { E } from '../../../src/prelude.ts'
import { eventStoreContract } from '../../contracts/event-store-contract.ts'

eventStoreContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jobledger-store-'))
  const open = async () => {
    const opened = await openSqliteEventStore(folder, { onFatal: (reason) => expect.fail(reason) })
    if (E.isLeft(opened)) throw new Error(opened.left.message)
    return opened.right
  }
  return { store: await open(), reopen: open, cleanup: () => rm(folder, { recursive: true }) }
})
