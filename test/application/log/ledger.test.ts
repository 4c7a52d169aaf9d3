import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { chainStart, seal } from '../../../src/application/log/envelope.ts'
import { catchUp, type JobNews, newLedger } from '../../../src/application/log/ledger.ts'
import { noStream, type StoredEvent } from '../../../src/application/ports/event-store.ts'
import type { JobEvent } from '../../../src/domain/job/events.ts'
import { E } from '../../../src/prelude.ts'
import { right } from '../../support/event-stores.ts'
import { terms } from '../../support/facts.ts'
import { manifest } from '../../support/manifests.ts'
import { digest, user } from '../../support/world.ts'

const created = (uid: string, name: string, namespace = 'default'): ReadonlyArray<JobEvent> => [
  { type: 'ManifestRecorded', generation: 1, manifest: manifest({}, name), at: 1 },
  { type: 'JobCreated', uid, namespace, name, seed: 's', terms: terms(), hasFinalizers: false, at: 1 },
]
const gone: JobEvent = { type: 'JobDeleted', at: 2 }

/** What was appended to one stream at once. */
type Piece = readonly [stream: string, events: ReadonlyArray<JobEvent>]

const logOf = (...pieces: ReadonlyArray<Piece>): ReadonlyArray<StoredEvent> => {
  const log: StoredEvent[] = []
  const origin = { correlationId: 'c', causationId: 'c', actor: user, commandId: 'c', seed: 's' }
  for (const [stream, events] of pieces)
    for (const event of seal(events, origin, chainStart, digest).sealed) {
      const revision = log.filter((other) => other.stream === stream).length
      log.push({ ...event, stream, revision, position: BigInt(log.length + 1) })
    }
  return log
}

const ledgerOf = (...pieces: ReadonlyArray<Piece>) => {
  const ledger = newLedger()
  ledger.apply(logOf(...pieces))
  const uidsOf = (views: ReturnType<typeof ledger.list>) =>
    views.map(({ state }) => (state._tag === 'Job' ? state.uid : null))
  return { ledger, uidsOf }
}

describe('the ledger', () => {
  test('lists Jobs in the order of their creation, and finds them by namespace and name', () => {
    const { ledger, uidsOf } = ledgerOf(
      ['job-b', created('b', 'pi')],
      ['job-a', created('a', 'e')],
      ['job-c', created('c', 'pi', 'other')],
    )
    expect(uidsOf(ledger.list())).toStrictEqual(['b', 'a', 'c'])
    expect(ledger.find('default', 'pi')).toBe(ledger.getByUid('b'))
    expect(ledger.find('other', 'pi')).toBe(ledger.getByUid('c'))
    expect(ledger.find('other', 'e')).toBeNull()
    expect(ledger.getByUid('d')).toBeNull()
    expect(ledger.position()).toBe(6n)
  })

  test('a name is free when its Job is deleted, and remembers who had it', () => {
    const first = ledgerOf(['job-a', created('a', 'pi')], ['job-a', [gone]])
    expect(first.ledger.find('default', 'pi')).toBeNull()
    expect(first.ledger.list()).toStrictEqual([])
    expect(first.uidsOf(first.ledger.all())).toStrictEqual(['a'])

    const { ledger, uidsOf } = ledgerOf(
      ['job-a', [...created('a', 'pi'), gone]],
      ['job-b', created('b', 'pi')],
      ['job-a', [{ type: 'PodRemoved', pod: 0, at: 3 }, gone]],
    )
    expect(ledger.find('default', 'pi')).toBe(ledger.getByUid('b'))
    expect(uidsOf(ledger.list())).toStrictEqual(['b'])
    expect(ledger.history('default', 'pi')).toStrictEqual(['a', 'b'])
    expect(ledger.history('default', 'nobody')).toStrictEqual([])
  })

  test('forgets Jobs that are long gone, but not that they were', () => {
    const pieces = Array.from({ length: 1001 }, (_, n): Piece => [`job-${n}`, [...created(`${n}`, `pi-${n}`), gone]])
    const { ledger } = ledgerOf(['job-stays', created('stays', 'e')], ...pieces)
    expect(ledger.getByUid('0')).toBeNull()
    expect(ledger.getByUid('1')).not.toBeNull()
    expect(ledger.all()).toHaveLength(1001)
    expect(ledger.history('default', 'pi-0')).toStrictEqual(['0'])
    expect(ledger.getByUid('stays')).not.toBeNull()
  })

  test('tells what one piece of the log means for each Job of it, once all are folded', () => {
    const ledger = newLedger()
    const told: Array<ReadonlyArray<JobNews>> = []
    ledger.news$.subscribe((news) => {
      for (const { uid, view } of news) expect(ledger.getByUid(uid)).toBe(view)
      told.push(news)
    })
    const log = logOf(['job-a', created('a', 'pi')], ['job-b', created('b', 'e')], ['job-a', [gone]])
    const news = ledger.apply(log)
    expect(told).toStrictEqual([news])
    expect(news.map(({ uid, recorded }) => [uid, recorded.map(({ position }) => position)])).toStrictEqual([
      ['a', [1n, 2n, 5n]],
      ['b', [3n, 4n]],
    ])
    expect(ledger.apply([])).toStrictEqual([])
    expect(told).toHaveLength(1)
  })

  test('a stream of another kind is passed over', () => {
    const ledger = newLedger()
    const [manifestRecorded] = logOf(['job-a', created('a', 'pi')])
    ledger.apply([{ ...manifestRecorded!, stream: 'weather', type: 'RainBegan', position: 9n }])
    expect(ledger.all()).toStrictEqual([])
    expect(ledger.position()).toBe(9n)
  })

  test('catching up says why the log could not be read', async () => {
    const store = inMemoryEventStore()
    await store.close()
    expect(await catchUp(store, newLedger())).toStrictEqual({ _tag: 'Left', left: 'the event store is closed' })
  })

  test('catching up waits for a log that is away, when it has the patience', async () => {
    const store = inMemoryEventStore()
    await right(store.append('job-a', noStream, logOf(['job-a', created('a', 'pi')])))
    const reasons: string[] = []
    const readAll: typeof store.readAll = (...asked) =>
      reasons.length < 2
        ? () => Promise.resolve(E.left({ _tag: 'StoreUnavailable', reason: 'away' }))
        : store.readAll(...asked)
    const ledger = newLedger()
    const patient = async (reason: string) => void reasons.push(reason)
    expect(await catchUp({ ...store, readAll }, ledger, patient)).toStrictEqual(E.right(undefined))
    expect([reasons, ledger.list().length]).toStrictEqual([['away', 'away'], 1])
  })
})
