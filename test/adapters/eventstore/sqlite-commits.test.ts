import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { beginning, noStream } from '../../../src/application/ports/event-store.ts'
import { E } from '../../../src/prelude.ts'
import { follow, newEvents, right, until } from '../../support/event-stores.ts'
import { newFolder, openStore, startStoreProcess } from '../../support/sqlite-folders.ts'

describe('appends that wait together share a commit', () => {
  test('there are fewer commits than appends', async () => {
    const store = await openStore(await newFolder())
    const following = follow(store)
    await Promise.all(Array.from({ length: 300 }, (_, i) => right(store.append(`s-${i}`, noStream, newEvents(2)))))
    await until(() => following.events.length === 600)
    expect(following.pieces.length).toBeLessThan(30)
  })

  test('a commit has at most 2000 events, unless a single append has more', async () => {
    const store = await openStore(await newFolder())
    const following = follow(store)
    await right(store.append('first', noStream, newEvents(1)))
    await until(() => following.events.length === 1)
    const sizes = [900, 900, 900, 2500, 100]
    await Promise.all(sizes.map((size, i) => right(store.append(`s-${i}`, noStream, newEvents(size)))))
    await until(() => following.events.length === 5301)
    expect(following.pieces.map(({ length }) => length)).toEqual([1, 1800, 900, 2500, 100])
  })
})

test('what is written little by little leaves the write-ahead log little by little: no move of it takes long', async () => {
  const folder = await newFolder()
  const store = await openStore(folder)
  const large = newEvents(1).map((event) => ({ ...event, data: JSON.stringify('x'.repeat(900_000)) }))
  for (let revision = noStream; revision < 7; revision += 1) {
    await right(store.append('s', revision, large))
    await sleep(120)
  }
  const { size } = await stat(join(folder, 'ledger.db-wal'))
  expect(size).toBeLessThan(3_000_000)
})

describe('a crash leaves whole appends, and all that were answered', () => {
  test.each([
    [5, 'before-begin:1', 0, 0],
    [5, 'before-begin:3', 2, 2],
    [5, 'between-inserts:3', 2, 2],
    [600, 'between-inserts:2', 0, 0],
    [600, 'between-inserts:8', 2, 2],
    [600, 'before-commit:1', 0, 0],
    [5, 'before-commit:4', 3, 3],
    [5, 'after-commit:1', 0, 1],
    [600, 'after-commit:3', 2, 3],
  ])(
    'of %i events each, at %s: %i appends were answered and %i are stored',
    async (batch, crashAt, answered, stored) => {
      const folder = await newFolder()
      const child = startStoreProcess([folder, String(batch), crashAt])
      expect(await child.ended).toBe('SIGKILL')
      expect(child.lines).toHaveLength(1 + answered)
      const store = await openStore(folder)
      const events = await right(store.readStream('a', 0, 10_000))
      expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: stored * batch }, (_, i) => i))
      await right(store.append('a', stored * batch - 1, newEvents(1)))
    },
  )

  test('killed at any moment by somebody else, the same holds', async () => {
    const folder = await newFolder()
    const child = startStoreProcess([folder, '50'])
    await child.says('stored 999')
    child.child.kill('SIGKILL')
    await child.ended
    const answered = child.lines.filter((line) => line.startsWith('stored')).length
    const store = await openStore(folder)
    const count = (await right(store.readAll(beginning, 1_000_000))).length
    expect(count % 50).toBe(0)
    expect(count / 50 - answered).toBeGreaterThanOrEqual(0)
    expect(count / 50 - answered).toBeLessThanOrEqual(1)
  })
})

describe('when the log cannot be written', () => {
  test('more appends than memory should hold are refused at once, and nothing that was accepted is lost', async () => {
    const store = await openStore(await newFolder())
    const [event] = newEvents(1)
    const large = [{ ...event!, data: JSON.stringify('x'.repeat(4_000_000)) }]
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => store.append(`s-${i}`, noStream, large)()))
    expect(outcomes.map(E.isRight)).toEqual(Array.from(outcomes, (_, i) => i < 16))
    expect(outcomes[16]).toEqual(
      E.left({ _tag: 'StoreUnavailable', reason: 'too many appends are waiting for the disk' }),
    )
    expect((await right(store.readAll(beginning, 100))).map(({ stream }) => stream)).toEqual(
      Array.from({ length: 16 }, (_, i) => `s-${i}`),
    )
    expect(await right(store.append('s-16', noStream, large))).toMatchObject({ revision: 0 })
  })

  test('a full disk refuses appends and leaves everything readable', async () => {
    const folder = await newFolder()
    const store = await openStore(folder, { pagesMax: 40 })
    const following = follow(store)
    let revision = noStream
    let refusal = null
    while (refusal === null) {
      const outcome = await store.append('a', revision, newEvents(50))()
      if (E.isRight(outcome)) ({ revision } = outcome.right)
      else refusal = outcome.left
    }
    expect(refusal).toEqual({ _tag: 'StoreUnavailable', reason: expect.stringContaining('the disk is full') })
    expect(await right(store.readStream('a', 0, 10_000))).toHaveLength(revision + 1)
    await until(() => following.events.length === revision + 1)
    expect(following.ended()).toBe(null)
    expect(await store.append('a', revision, newEvents(50))()).toMatchObject({ left: { _tag: 'StoreUnavailable' } })

    await store.close()
    const roomier = await openStore(folder)
    expect(await right(roomier.append('a', revision, newEvents(50)))).toMatchObject({ revision: revision + 50 })
  })

  test('any other failed commit is fatal: its outcome is open, later appends are refused, subscriptions fail', async () => {
    const folder = await newFolder()
    const child = startStoreProcess([folder, '100'], { fileBlocksMax: 800 })
    await child.says('lost')
    await until(() => child.lines.filter((line) => line.startsWith('failed')).length === 2)
    expect(child.lines.filter((line) => line.startsWith('failed'))).toEqual([
      'failed UnknownOutcome',
      'failed StoreUnavailable',
    ])
    expect(child.lines.filter((line) => line.startsWith('fatal'))).toEqual([expect.stringContaining('disk I/O error')])
    child.child.kill('SIGKILL')
    await child.ended
    const answered = child.lines.filter((line) => line.startsWith('stored')).length
    expect(answered).toBeGreaterThan(0)
    const store = await openStore(folder)
    const count = (await right(store.readStream('a', 0, 1_000_000))).length
    expect([answered, answered + 1]).toContain(count / 100)
  })
})
