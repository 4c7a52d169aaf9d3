import { describe } from 'vitest'
import { openSqliteEventStore } from '../../src/adapters/eventstore/sqlite/open-sqlite-event-store.ts'
import { beginning, type EventStore, noStream } from '../../src/application/ports/event-store.ts'
import { E } from '../../src/prelude.ts'
import { right } from '../support/event-stores.ts'
import { test } from '../support/jobledger.ts'
import { storedHistory } from './stored-history.ts'

const inLog = async <A>(dataDir: string, use: (store: EventStore) => Promise<A>): Promise<A> => {
  const onFatal = (reason: string): never => {
    throw new Error(reason)
  }
  const opened = await openSqliteEventStore(dataDir, { onFatal })
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  try {
    return await use(opened.right)
  } finally {
    await opened.right.close()
  }
}

describe('a log of a newer jobledger', () => {
  const [manifest, created] = storedHistory('v1', 'three-jobs')

  test('is refused by every command in one sentence, and nothing is written to it', async ({ jobledger, expect }) => {
    if (manifest === undefined || created === undefined) throw new Error('the history is empty')
    const newer = { ...created, metadata: created.metadata.replace('"schemaVersion":1,', '"schemaVersion":2,') }
    await inLog(jobledger.dataDir, (store) => right(store.append(manifest.stream, noStream, [manifest, newer])))

    const path = jobledger.manifest('greeting', 'echo hello')
    const says = /\(JobCreated\) has a version newer than this jobledger: use a newer jobledger; nothing was changed\n$/
    for (const words of [
      ['run', '-f', path],
      ['get', 'jobs'],
      ['delete', 'job/indexed'],
    ]) {
      const { code, out, err } = await jobledger.run(...words)
      expect({ words, out, failed: code !== 0 }).toStrictEqual({ words, out: '', failed: true })
      expect(err).toMatch(says)
    }

    const stored = await inLog(jobledger.dataDir, (store) => right(store.readAll(beginning, 10)))
    expect(stored.map(({ id }) => id)).toStrictEqual([manifest.id, newer.id])
  })
})
