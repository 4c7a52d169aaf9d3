import type * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { chainStart } from '../../src/application/log/envelope.ts'
import { catchUp, newLedger } from '../../src/application/log/ledger.ts'
import { noStream, type StoredEvent } from '../../src/application/ports/event-store.ts'
import {
  cronJobCategory,
  freePodCategory,
  jobCategory,
  namespaceCategory,
  readEvent,
  readMetadata,
  storedObjectCategory,
} from '../../src/application/log/read-event.ts'
import { cronJobEvents } from '../../src/domain/cronjob/events.ts'
import { freePodEvents } from '../../src/domain/free-pod/events.ts'
import { jobEvents } from '../../src/domain/job/events.ts'
import { storedKinds } from '../../src/domain/kubernetes/stored-kinds/stored-kinds.ts'
import { namespaceEvents } from '../../src/domain/namespace/events.ts'
import { storedObjectEvents } from '../../src/domain/stored-object/events.ts'
import { E } from '../../src/prelude.ts'
import { freePodObject } from '../../src/projections/free-pod-view.ts'
import { namespaceObject } from '../../src/projections/namespace-object.ts'
import { storedObject } from '../../src/projections/stored-object-view.ts'
import { sayCronJobEvent } from '../../src/projections/cron-job-history.ts'
import { cronJobObject } from '../../src/projections/cron-job-object.ts'
import { jobObject } from '../../src/projections/job-object.ts'
import { sayEvent } from '../../src/projections/history.ts'
import { right } from '../support/event-stores.ts'
import { type PlainJob, plainJob } from '../support/plain-job.ts'
import { digest } from '../support/world.ts'
import { expectedOf, historiesOf, storedHistory } from './stored-history.ts'

/** These files are never written again: when a test fails, the code is wrong, or needs a version 2 and an upcaster. */
const version = 'v1'
const histories = historiesOf(version)

const folded = (name: string) => {
  const ledger = newLedger()
  ledger.apply(storedHistory(version, name))
  return Object.fromEntries([
    ...ledger.all().map((view) => {
      const state = plainJob(view.state)
      if (state._tag === 'NoJob') throw new Error('a stream without a Job')
      return [state.uid, { state, job: jobObject(view) }]
    }),
    ...ledger.cronJobs.all().map((view) => {
      if (view.state._tag === 'NoCronJob') throw new Error('a stream without a CronJob')
      return [view.state.uid, { state: view.state, cronJob: cronJobObject(view) }]
    }),
    ...Object.keys(storedKinds).flatMap((resource) =>
      ledger.objects.list(resource, null).flatMap((view) => {
        const object = storedObject(view)
        return object === null ? [] : [[object.metadata.uid, { object }]]
      }),
    ),
    ...ledger.freePods
      .all()
      .flatMap((view) => (view.state._tag === 'FreePod' ? [[view.state.uid, { pod: freePodObject(view) }]] : [])),
    ...ledger.namespaces
      .list()
      .flatMap(({ state, position }) =>
        state._tag === 'Namespace' ? [[state.uid, { namespace: namespaceObject(state, position) }]] : [],
      ),
  ])
}

/** How events of each kind of stream are checked, read and said. */
const kinds = [
  {
    is: (stream: string) => jobCategory.uidOf(stream) !== null,
    codecs: new Map<string, t.Mixed>(Object.entries(jobEvents)),
    readAndSay: (stored: StoredEvent) => {
      const read = readEvent(stored)
      return { read, said: sayEvent(read.event) }
    },
  },
  {
    is: (stream: string) => cronJobCategory.uidOf(stream) !== null,
    codecs: new Map<string, t.Mixed>(Object.entries(cronJobEvents)),
    readAndSay: (stored: StoredEvent) => {
      const read = cronJobCategory.read(stored)
      return { read, said: sayCronJobEvent(read.event) }
    },
  },
  {
    is: (stream: string) => freePodCategory.uidOf(stream) !== null,
    codecs: new Map<string, t.Mixed>(Object.entries(freePodEvents)),
    readAndSay: (stored: StoredEvent) => ({ read: freePodCategory.read(stored), said: stored.type }),
  },
  {
    is: (stream: string) => namespaceCategory.uidOf(stream) !== null,
    codecs: new Map<string, t.Mixed>(Object.entries(namespaceEvents)),
    readAndSay: (stored: StoredEvent) => ({ read: namespaceCategory.read(stored), said: stored.type }),
  },
  {
    is: (stream: string) => storedObjectCategory.uidOf(stream) !== null,
    codecs: new Map<string, t.Mixed>(Object.entries(storedObjectEvents)),
    readAndSay: (stored: StoredEvent) => ({ read: storedObjectCategory.read(stored), said: stored.type }),
  },
]

const kindOf = ({ stream }: StoredEvent) => {
  const kind = kinds.find(({ is }) => is(stream))
  if (kind === undefined) throw new Error(`a stream of another kind: ${stream}`)
  return kind
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value), withoutReadinessOfReleased)

/** Whether a Pod that was let go is ready is the affair of whoever has it since: a Job may remember of it what it likes. */
const withoutReadinessOfReleased = (key: string, value: unknown): unknown => {
  const { pods, released } = (key === 'state' ? value : {}) as Partial<PlainJob>
  if (pods === undefined || released === undefined) return value
  const kept = pods.map((row) => {
    const { ready: _, readyTurnedAt: _at, ...rest } = row
    return released.includes(row.pod) ? rest : row
  })
  return { ...(value as PlainJob), pods: kept }
}

test('every event type of version 1 occurs in a history', () => {
  const told = new Set(histories.flatMap((name) => storedHistory(version, name).map(({ type }) => type)))
  const types = kinds.flatMap(({ codecs }) => [...codecs.keys()])
  expect(types.filter((type) => !told.has(type))).toStrictEqual([])
})

describe.each(histories)('the history %s of version 1', (name) => {
  const history = storedHistory(version, name)

  test('folds to the state and the Job objects that it always folded to; newer fields may stand beside them', () =>
    expect(plain(folded(name))).toMatchObject(plain(expectedOf(version, name)) as object))

  test('is understood by its codecs, and says again what is stored, byte for byte', () => {
    for (const stored of history) {
      const { type, data, position } = stored
      const codec = kindOf(stored).codecs.get(type)
      const decoded = codec?.decode(JSON.parse(data))
      expect(decoded, `position ${position}`).toMatchObject({ _tag: 'Right' })
      if (codec !== undefined && decoded !== undefined && E.isRight(decoded))
        expect(JSON.stringify(codec.encode(decoded.right))).toBe(data)
    }
  })

  test('is read as what is stored, and every event of it can be said', () => {
    for (const stored of history) {
      const { read, said } = kindOf(stored).readAndSay(stored)
      const { event, ...place } = read
      expect(JSON.stringify(event)).toBe(stored.data)
      expect(place).toStrictEqual({
        id: stored.id,
        stream: stored.stream,
        revision: stored.revision,
        position: stored.position,
      })
      expect(said).not.toBe('')
    }
  })

  test('holds unbroken chains of hashes, whose first digits are the ids', () => {
    const last = new Map<string, string>()
    for (const stored of history) {
      const { previous, hash } = readMetadata(stored)
      expect(previous).toBe(last.get(stored.stream) ?? chainStart)
      expect(hash).toBe(hashOf(stored, previous))
      expect(stored.id.replaceAll('-', '').slice(0, 12)).toBe(hash.slice(0, 12))
      last.set(stored.stream, hash)
    }
    expect(last.size).toBeGreaterThan(0)
  })

  test('one changed byte anywhere breaks its chain', () => {
    const stored = history[Math.floor(history.length / 2)]!
    const { previous, hash } = readMetadata(stored)
    expect(hashOf({ ...stored, data: stored.data.replace('"at":1', '"at":2') }, previous)).not.toBe(hash)
    expect(hashOf({ ...stored, type: 'JobDeleted' }, previous)).not.toBe(hash)
    expect(hashOf({ ...stored, metadata: stored.metadata.replace('"actor"', '"Actor"') }, previous)).not.toBe(hash)
  })
})

/** Written once more from the words of the format, so that a change of `seal` alone cannot go unseen. */
const hashOf = ({ type, data, metadata }: StoredEvent, previous: string): string =>
  digest(`${previous}\n${type}\n${data}\n${metadata.slice(0, metadata.lastIndexOf(',"hash"'))}`)

describe('a log that this version does not know', () => {
  const [first, second] = storedHistory(version, 'three-jobs') as [StoredEvent, StoredEvent]
  const startUpWith = async (...events: ReadonlyArray<StoredEvent>) => {
    const store = inMemoryEventStore()
    await right(store.append(first.stream, noStream, events))
    return catchUp(store, newLedger())
  }

  test('is read when it is of version 1', async () =>
    expect(await startUpWith(first, second)).toStrictEqual(E.right(undefined)))

  test('an unknown type stops start-up and says where it is', async () =>
    expect(await startUpWith(first, { ...second, type: 'JobRewound' })).toStrictEqual(
      E.left(
        'the event at position 2 (JobRewound) has a type that this version of jobledger does not know: use a newer jobledger; nothing was changed',
      ),
    ))

  test('so does a type that only the language knows', async () =>
    expect(await startUpWith(first, { ...second, type: 'toString' })).toMatchObject({
      left: expect.stringContaining('(toString) has a type that this version of jobledger does not know'),
    }))

  test.each(['"schemaVersion":2,', '"schemaVersion":11,', '"schemaVersion":"1",', ''])(
    'a newer version stops start-up: %s',
    async (schemaVersion) =>
      expect(
        await startUpWith(first, {
          ...second,
          metadata: second.metadata.replace('"schemaVersion":1,', schemaVersion),
        }),
      ).toStrictEqual(
        E.left(
          'the event at position 2 (JobCreated) has a version newer than this jobledger: use a newer jobledger; nothing was changed',
        ),
      ),
  )

  test('a name that a user chose cannot pass for a version', async () => {
    const newer = second.metadata
      .replace('"schemaVersion":1,', '"schemaVersion":2,')
      .replace('jobledger run', '\\"schemaVersion\\":1,')
    expect(readMetadata({ ...second, metadata: newer }).actor.agent).toBe('"schemaVersion":1,')
    expect(await startUpWith(first, { ...second, metadata: newer })).toMatchObject({ _tag: 'Left' })
  })
})
