import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { openSqliteEventStore } from '../../../src/adapters/eventstore/sqlite/open-sqlite-event-store.ts'
import { openSqliteReader } from '../../../src/adapters/eventstore/sqlite/open-sqlite-reader.ts'
import { beginning, noStream } from '../../../src/application/ports/event-store.ts'
import { E } from '../../../src/prelude.ts'
import { newEvents, right } from '../../support/event-stores.ts'
import { newFolder, openReader, openStore, startStoreProcess } from '../../support/sqlite-folders.ts'

const onFatal = (reason: string): void => expect.fail(reason)

describe('one process holds a data folder', () => {
  test('a second opening in the same process is refused and names the holder', async () => {
    const folder = await newFolder()
    await openStore(folder)
    expect(await openSqliteEventStore(folder, { onFatal })).toEqual(
      E.left({
        _tag: 'Held',
        message: expect.stringMatching(
          new RegExp(`^the data folder ${folder} is in use by jobledger process ${process.pid} \\(since 20.*Z\\)$`),
        ),
      }),
    )
  })

  test('another process is refused while this one holds the folder, even after this one was refused itself', async () => {
    const folder = await newFolder()
    await openStore(folder)
    await openSqliteEventStore(folder, { onFatal })
    const other = startStoreProcess([folder])
    await other.says('refused Held')
  })

  test('the lock dies with the process, however it ends', async () => {
    const folder = await newFolder()
    const other = startStoreProcess([folder])
    await other.says('open')
    expect(await openSqliteEventStore(folder, { onFatal })).toMatchObject({
      left: { _tag: 'Held', message: expect.stringContaining(`process ${other.child.pid} `) },
    })
    other.child.kill('SIGKILL')
    expect(await other.ended).toBe('SIGKILL')
    const store = await openStore(folder)
    await right(store.append('a', noStream, newEvents(1)))
  })

  test('closing gives the folder back', async () => {
    const folder = await newFolder()
    await (await openStore(folder)).close()
    await openStore(folder)
  })
})

describe('permissions', () => {
  test('a folder that is made, and every file in it, is for its owner only', async () => {
    const folder = join(await newFolder(), 'a', 'b')
    const store = await openStore(folder)
    await right(store.append('a', noStream, newEvents(1)))
    expect(modeOf(folder)).toBe('700')
    const names = readdirSync(folder)
    expect(names).toEqual(expect.arrayContaining(['ledger.db', 'ledger.db-wal', 'lock.db', 'holder.json']))
    for (const name of names) expect([name, modeOf(join(folder, name))]).toEqual([name, '600'])
  })

  test('a folder that cannot be made is refused in one sentence', async () => {
    const file = join(await newFolder(), 'file')
    writeFileSync(file, '')
    expect(await openSqliteEventStore(join(file, 'data'), { onFatal })).toMatchObject({
      left: { _tag: 'NotWritable', message: expect.stringContaining(`the data folder ${file}/data cannot be written`) },
    })
  })
})

describe('a file that is not for us is refused and stays as it is', () => {
  const ours = async (folder: string): Promise<string> => {
    const store = await openStore(folder)
    await right(store.append('a', noStream, newEvents(50)))
    await store.close()
    return join(folder, 'ledger.db')
  }

  const changed = async (folder: string, sql: string): Promise<void> => {
    const db = new DatabaseSync(await ours(folder))
    db.exec(sql)
    db.close()
  }

  test.each<[string, string, (folder: string) => Promise<void>]>([
    ['a text', 'NotALedger', async (folder) => writeFileSync(join(folder, 'ledger.db'), 'Dear diary')],
    ['a long text', 'NotALedger', async (folder) => writeFileSync(join(folder, 'ledger.db'), 'x'.repeat(20_000))],
    [
      'a database of something else',
      'NotALedger',
      async (folder) => {
        const db = new DatabaseSync(join(folder, 'ledger.db'))
        db.exec('CREATE TABLE diary (day TEXT)')
        db.close()
      },
    ],
    [
      'a database with the mark of another program',
      'NotALedger',
      (folder) => changed(folder, 'PRAGMA application_id = 7'),
    ],
    ['a log of a later format', 'NewerVersion', (folder) => changed(folder, 'PRAGMA user_version = 99')],
    ['a log without a format', 'Damaged', (folder) => changed(folder, 'PRAGMA user_version = 0')],
    [
      'a log with a damaged header',
      'NotALedger',
      async (folder) => {
        const path = await ours(folder)
        const bytes = readFileSync(path)
        writeFileSync(path, bytes.fill(0xff, 0, 20))
      },
    ],
    [
      'a log that was cut off',
      'Damaged',
      async (folder) => {
        const path = await ours(folder)
        const bytes = readFileSync(path)
        writeFileSync(path, bytes.subarray(0, 8192))
      },
    ],
  ])('%s is %s', async (_, tag, prepare) => {
    const folder = await newFolder()
    await prepare(folder)
    const before = readFileSync(join(folder, 'ledger.db'))
    for (const opened of [await openSqliteEventStore(folder, { onFatal }), await openSqliteReader(folder)])
      expect(opened).toMatchObject({
        left: { _tag: tag, message: expect.stringContaining(join(folder, 'ledger.db')) },
      })
    expect(readFileSync(join(folder, 'ledger.db')).equals(before)).toBe(true)
  })

  test.each(['missing', 'empty'])('a write-ahead log beside a log that is %s is Damaged', async (state) => {
    const [folder, other] = [await newFolder(), await newFolder()]
    const store = await openStore(other)
    await right(store.append('a', noStream, newEvents(50)))
    copyFileSync(join(other, 'ledger.db-wal'), join(folder, 'ledger.db-wal'))
    if (state === 'empty') writeFileSync(join(folder, 'ledger.db'), '')
    const names = readdirSync(folder)
    const before = readFileSync(join(folder, 'ledger.db-wal'))
    expect(before.length).toBeGreaterThan(0)
    const path = join(folder, 'ledger.db')
    for (const opened of [await openSqliteEventStore(folder, { onFatal }), await openSqliteReader(folder)])
      expect(opened).toEqual(
        E.left({
          _tag: 'Damaged',
          message: `the log ${path} is missing or empty, but ${path}-wal is not: restore both from one backup`,
        }),
      )
    expect(readdirSync(folder)).toEqual(names)
    expect(readFileSync(join(folder, 'ledger.db-wal')).equals(before)).toBe(true)
  })

  test('what a crash left before the first migration is a fresh log', async () => {
    const folder = await newFolder()
    const db = new DatabaseSync(join(folder, 'ledger.db'))
    db.exec('PRAGMA journal_mode = WAL')
    db.close()
    await openStore(folder)
  })

  test('a folder in the place of the log is refused', async () => {
    const folder = await newFolder()
    await mkdir(join(folder, 'ledger.db'))
    expect(E.isLeft(await openSqliteEventStore(folder, { onFatal }))).toBe(true)
  })
})

test('a flipped bit in a stored event is noticed by whoever reads it', async () => {
  const folder = await newFolder()
  const store = await openStore(folder)
  await right(store.append('a', noStream, newEvents(3, 'first')))
  await right(store.append('b', noStream, [{ id: 'i', type: 'T', data: '{"word":"treasure"}', metadata: '{}' }]))
  await store.close()
  const path = join(folder, 'ledger.db')
  const bytes = readFileSync(path)
  const place = bytes.indexOf('treasure')
  bytes[place] = bytes.readUInt8(place) ^ 1
  writeFileSync(path, bytes)
  const damaged = await openStore(folder)
  expect(await damaged.readStream('b', 0, 10)()).toEqual(
    E.left({
      _tag: 'StoreUnavailable',
      reason: 'the event at position 4 is damaged: it does not match its checksum',
    }),
  )
  expect(E.isLeft(await damaged.readAll(beginning, 10)())).toBe(true)
  expect(await right(damaged.readAll(beginning, 3))).toHaveLength(3)
})

test('a flipped bit among events that share a row is noticed by whoever reads one of them', async () => {
  const folder = await newFolder()
  const store = await openStore(folder)
  await right(store.append('a', noStream, newEvents(300, 'needle')))
  await store.close()
  const path = join(folder, 'ledger.db')
  const intact = readFileSync(path)
  const reason = 'the events at positions 1 to 256 are damaged: they do not match their checksum'
  for (const needle of ['needle-0', 'needle-100', '\x1fPodStarted\x1f{"type":"PodCreated","pod":17,', '"pod":255']) {
    const bytes = Buffer.from(intact)
    const place = bytes.indexOf(needle)
    bytes[place] = bytes.readUInt8(place) ^ 4
    writeFileSync(path, bytes)
    const damaged = await openReader(folder)
    expect(await damaged.readStream('a', 17, 1)()).toEqual(E.left({ _tag: 'StoreUnavailable', reason }))
    expect(await damaged.readAllBackwards(45)()).toEqual(E.left({ _tag: 'StoreUnavailable', reason }))
    expect(await right(damaged.readAllBackwards(44))).toHaveLength(44)
    await damaged.close()
  }
})

test('a row that is gone is noticed by whoever reads past it', async () => {
  const folder = await newFolder()
  const store = await openStore(folder)
  await right(store.append('a', noStream, newEvents(600)))
  await store.close()
  const db = new DatabaseSync(join(folder, 'ledger.db'))
  db.exec('DELETE FROM pieces WHERE position = 512')
  db.close()
  const damaged = await openStore(folder)
  const refusal = E.left({
    _tag: 'StoreUnavailable',
    reason: 'the log is damaged: events are missing before position 513',
  })
  expect(await damaged.readAll(beginning, 1000)()).toEqual(refusal)
  expect(await damaged.readStream('a', 300, 1)()).toEqual(refusal)
  expect(await damaged.readStreamBackwards('a', 100)()).toEqual(refusal)
  expect(await right(damaged.readAll(beginning, 256))).toHaveLength(256)
})

test('a damaged name of a stream is noticed in its events', async () => {
  const folder = await newFolder()
  const store = await openStore(folder)
  await right(store.append('a', noStream, newEvents(2)))
  await right(store.append('b', noStream, newEvents(2)))
  await store.close()
  const db = new DatabaseSync(join(folder, 'ledger.db'))
  db.exec(`UPDATE streams SET name = 'c' WHERE name = 'b'`)
  db.close()
  const damaged = await openStore(folder)
  expect(E.isLeft(await damaged.readStream('c', 0, 10)())).toBe(true)
  expect(E.isLeft(await damaged.readAll(beginning, 10)())).toBe(true)
})

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
