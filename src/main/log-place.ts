import { mkdirSync } from 'node:fs'
import type { OpenFailure } from '../adapters/cli/cli-ports.ts'
import { addressOf } from '../adapters/eventstore/esdb/address.ts'
import { openSqliteEventStore } from '../adapters/eventstore/sqlite/open-sqlite-event-store.ts'
import { openSqliteReader } from '../adapters/eventstore/sqlite/open-sqlite-reader.ts'
import type { EventStore } from '../application/ports/event-store.ts'
import { E } from '../prelude.ts'
import { die, notice } from './this-process.ts'

/** Where the log is: in the data folder, or in an EventStoreDB that somebody has chosen. */
export type LogPlace = ReturnType<typeof logPlace>

type Opened = E.Either<{ readonly _tag: string; readonly message: string }, EventStore>

/** In the data folder, until `use` chooses an EventStoreDB. */
export const logPlace = () => {
  let chosen: { readonly address: string; readonly shown: string; readonly standBy: boolean } | null = null

  return {
    /** Chooses the EventStoreDB of a connection string (else of `JOBLEDGER_STORE`); a text is why it cannot be one. */
    use: (asked: string | undefined, standBy: boolean): string | null => {
      const text = asked ?? process.env['JOBLEDGER_STORE'] ?? ''
      if (text === '') return null
      const address = addressOf(text)
      if (E.isLeft(address)) return address.left
      chosen = { address: text, shown: address.right.shown, standBy }
      return null
    },
    isFarAway: () => chosen !== null,
    mayHaveToWait: () => chosen?.standBy === true,
    /** Tells it from other logs whose process may use the same data folder; empty: the one that lies in it. */
    identity: (): string => chosen?.shown ?? '',
    /** As people may see it. */
    shown: (dataDir: string): string => chosen?.shown ?? dataDir,
    openToRead: async (dataDir: string): Promise<Opened> => {
      if (chosen === null) return openSqliteReader(dataDir)
      const { openEsdbReader } = await eventStoreDb()
      return openEsdbReader(chosen.address, { onNotice: notice })
    },
    openToWrite: async (dataDir: string, crashAt?: string): Promise<Opened> => {
      if (chosen === null) return openSqliteEventStore(dataDir, { onFatal: die, ...(crashAt && { crashAt }) })
      mkdirSync(dataDir, { recursive: true, mode: 0o700 })
      const { openEsdbEventStore } = await eventStoreDb()
      return openEsdbEventStore(chosen.address, {
        onStepBack: die,
        onNotice: notice,
        ...(chosen.standBy && { standBy: { onWait: notice } }),
      })
    },
    /** Why it could not be opened, as commands tell it. */
    refused: ({ _tag, message }: { readonly _tag: string; readonly message: string }): E.Either<OpenFailure, never> =>
      _tag === 'Unavailable' && chosen !== null
        ? E.left({ _tag: 'Away', reason: message, log: chosen.shown })
        : E.left({ _tag: _tag === 'Held' ? 'Held' : 'Refused', reason: message }),
  }
}

/** Its client is loaded only when it is needed: that takes longer than a short command. */
const eventStoreDb = () => import('../adapters/eventstore/esdb/open-esdb-event-store.ts')
