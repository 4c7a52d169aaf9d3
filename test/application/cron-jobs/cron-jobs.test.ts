import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { openSimulatedRuntime } from '../../../src/adapters/runtimes/simulated/open-simulated-runtime.ts'
import { startCronController } from '../../../src/application/cron-jobs/cron-controller.ts'
import { beginning, type EventStore } from '../../../src/application/ports/event-store.ts'
import { cronJobCategory, readMetadata } from '../../../src/application/log/read-event.ts'
import { manualJob } from '../../../src/domain/cronjob/job-of-run.ts'
import type { CronJobSpec } from '../../../src/domain/kubernetes/cron-job-object.ts'
import { E, TE } from '../../../src/prelude.ts'
import { jobDisplay } from '../../support/job-display.ts'
import { cronManifest } from '../../domain/cronjob/given-cron-job.ts'
import { right } from '../../support/event-stores.ts'
import { type Fault, faultyStore } from '../../support/faulty-store.ts'
import { manifest } from '../../support/manifests.ts'
import { scriptedRuntime } from '../../support/scripted-runtime.ts'
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts'
import { user, world } from '../../support/world.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

const morning = Date.parse('2026-07-21T08:00:30Z')

/** A process over a log that may have a past, at work for all of it. Each Pod runs for `runMs` and exits with `exitCode`. */
const worker = async ({
  store = inMemoryEventStore() as EventStore,
  clock = virtualClock(morning),
  runMs = second,
  exitCode = 0,
  uuidsFrom = 0,
}: {
  readonly store?: EventStore
  readonly clock?: VirtualClock
  readonly runMs?: number
  readonly exitCode?: number
  readonly uuidsFrom?: number
} = {}) => {
  const runtime = openSimulatedRuntime({ clock, scenario: () => ({ runMs, exitCode }) })
  const it = await world({ store, runtime, clock, uuidsFrom })
  let stop = it.workForAll()
  /** Lets time pass, and whatever is due meanwhile happen. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 100) {
      await clock.pass(Math.min(left, 100))
      for (let turns = 0; turns < 3; turns += 1) await clock.pass(0)
    }
  }
  const done = async <A>(work: () => Promise<E.Either<{ readonly _tag: string }, A>>): Promise<A> => {
    const outcome = work()
    await pass(1)
    const settled = await outcome
    if (E.isLeft(settled)) throw new Error(settled.left._tag)
    return settled.right
  }
  return {
    ...it,
    store,
    clock,
    pass,
    create: (over: Partial<CronJobSpec> = {}) => done(it.cronService.create(cronManifest(over), user)),
    change: (over: Partial<CronJobSpec>) =>
      done(it.cronService.change('default', 'hello', () => cronManifest(over), user)),
    remove: (propagation: 'Background' | 'Foreground' | 'Orphan') =>
      done(it.cronService.remove('default', 'hello', propagation, user)),
    createJob: (name: string) => done(it.service.create(manifest({}, name), user)),
    /** As a kill would: nothing more is done. */
    end: async (): Promise<void> => {
      stop()
      stop = () => {}
      it.cronController.close()
      await it.controller.close()
    },
    jobs: () => it.ledger.list().map(jobDisplay),
    /** What was said of CronJobs, without the ends of syncs. */
    said: async () =>
      (await right(store.readAll(beginning, 10_000)))
        .filter(({ stream, type }) => cronJobCategory.uidOf(stream) !== null && type !== 'CronJobSynced')
        .map(({ type }) => type),
  }
}

describe('a CronJob that is worked for', () => {
  test('[11.2] starts a Job at each of its times, and keeps three; each Job is driven to its end', async () => {
    const it = await worker()
    await it.create()
    await it.pass(26 * minute)
    expect(it.jobs()).toStrictEqual(['hello-29743695 Complete', 'hello-29743700 Complete', 'hello-29743705 Complete'])
    await it.end()
    expect(it.fatal).toStrictEqual([])
  })

  test('says what became of each run', async () => {
    const it = await worker()
    await it.create({ successfulJobsHistoryLimit: 1 })
    await it.pass(10 * minute)
    await it.end()
    expect(await it.said()).toStrictEqual([
      'CronJobManifestRecorded',
      'CronJobCreated',
      'RunScheduled',
      'RunStarted',
      'RunFinished',
      'RunSucceeded',
      'RunScheduled',
      'RunStarted',
      'RunDeletionRequested',
      'RunFinished',
      'RunSucceeded',
      'RunRemoved',
    ])
  })

  test('its Jobs carry its correlation, and the event of the CronJob that caused them', async () => {
    const it = await worker()
    await it.create()
    await it.pass(5 * minute)
    await it.end()
    const log = await right(it.store.readAll(beginning, 1000))
    const [root] = log
    const created = log.find(({ type }) => type === 'JobCreated')
    const cause = log.find(({ type, revision }) => type === 'CronJobSynced' && revision > 2)
    if (root === undefined || created === undefined) throw new Error('no Job was created')
    expect(readMetadata(created)).toMatchObject({
      correlationId: readMetadata(root).correlationId,
      causationId: cause?.id,
      actor: { kind: 'saga', name: 'ensure-scheduled-jobs-start' },
    })
  })

  test('[J-3] a Job that fails is kept once', async () => {
    const it = await worker({ exitCode: 1, runMs: 10 })
    await it.create({
      jobTemplate: { metadata: {}, spec: { ...cronManifest().spec.jobTemplate.spec, backoffLimit: 0 } },
    })
    await it.pass(11 * minute)
    expect(it.jobs()).toStrictEqual(['hello-29743690 Failed'])
    await it.end()
  })

  test('[H-8] a Job of somebody else that has the name blocks the run, and is left alone', async () => {
    const it = await worker()
    await it.create()
    const foreign = await it.createJob('hello-29743685')
    await it.pass(10 * minute)
    expect(await it.said()).toContain('RunBlocked')
    expect(it.ledger.find('default', 'hello-29743685')).toBe(it.ledger.getByUid(foreign.uid))
    expect(it.jobs()).toStrictEqual(['hello-29743685 Complete', 'hello-29743690 Complete'])
    await it.end()
  })

  test('a template that makes no valid Job is refused, again after a longer and longer while', async () => {
    const it = await worker()
    const { spec } = cronManifest().spec.jobTemplate
    await it.create({ jobTemplate: { metadata: { labels: { 'no label': 'x' } }, spec } })
    await it.pass(5 * minute)
    expect((await it.said()).filter((type) => type === 'RunRefused').length).toBeGreaterThan(8)
    expect(it.jobs()).toStrictEqual([])
    await it.end()
    expect(it.fatal).toStrictEqual([])
  })

  test('[11.5] deleted in the background it goes at once, and its Jobs after it', async () => {
    const it = await worker({ runMs: hour })
    await it.create()
    await it.pass(5 * minute)
    expect(it.jobs()).toStrictEqual(['hello-29743685 active'])
    await it.remove('Background')
    expect(it.ledger.cronJobs.list()).toStrictEqual([])
    await it.pass(minute)
    expect(it.jobs()).toStrictEqual([])
    await it.end()
    expect(it.fatal).toStrictEqual([])
  })

  test('[11.5] in the foreground it waits for its Jobs, and they for their Pods; orphans stay', async () => {
    const it = await worker({ runMs: hour })
    await it.create()
    await it.pass(5 * minute)
    await it.remove('Foreground')
    await it.pass(minute)
    expect(it.jobs()).toStrictEqual([])
    expect((await it.said()).slice(-2)).toStrictEqual(['RunVanished', 'CronJobDeleted'])
    const orphaned = await it.create()
    await it.pass(5 * minute)
    await it.remove('Orphan')
    await it.pass(6 * minute)
    expect(it.jobs()).toStrictEqual(['hello-29743690 active'])
    expect(it.ledger.childrenOf(orphaned.uid)).toHaveLength(1)
    await it.end()
  })

  test('deleted while a Job of it is being created, it takes that Job along', async () => {
    const inner = inMemoryEventStore()
    let letGo = (): void => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const store: EventStore = {
      ...inner,
      append: (stream, expected, events) => async () => {
        if (events.some(({ type }) => type === 'JobCreated')) await held
        return inner.append(stream, expected, events)()
      },
    }
    const it = await worker({ store, runMs: hour })
    await it.create()
    await it.pass(5 * minute)
    await it.remove('Background')
    expect(it.ledger.cronJobs.list()).toStrictEqual([])
    letGo()
    await it.pass(minute)
    expect((await stored(inner)).map(({ type }) => type)).toContain('JobCreated')
    expect(it.jobs()).toStrictEqual([])
    await it.end()
    expect(it.fatal).toStrictEqual([])
  })

  test('[11.6] a Job made by hand is warned of once while it runs, and counts for the history', async () => {
    const it = await worker()
    await it.create({ successfulJobsHistoryLimit: 0 })
    await it.pass(second)
    const state = it.ledger.cronJobs.find('default', 'hello')?.state
    if (state?._tag !== 'CronJob') throw new Error('there is no CronJob')
    const job = manualJob(state, 'by-hand', 'uid-by-hand')
    if (E.isLeft(job)) throw new Error(job.left)
    void it.service.create(job.right, user)()
    await it.pass(10 * second)
    expect((await it.said()).slice(2)).toStrictEqual([
      'UnexpectedJobSeen',
      'RunDeletionRequested',
      'RunSucceeded',
      'RunRemoved',
    ])
    expect(it.jobs()).toStrictEqual([])
    await it.end()
  })
})

describe('after a restart', () => {
  test('a run whose Job was not created yet gets it, with the same uid; one whose Job was is only told of it', async () => {
    for (const until of ['RunScheduled', 'JobCreated']) {
      const store = storeUntil(until)
      const first = await worker({ store })
      await first.create()
      await first.pass(5 * minute)
      await first.end()
      expect((await stored(store)).map(({ type }) => type)).not.toContain('RunStarted')
      const again = await worker({ store: store.inner, clock: first.clock, uuidsFrom: 1000 })
      await again.pass(minute)
      expect(again.jobs()).toStrictEqual(['hello-29743685 Complete'])
      expect((await stored(store)).filter(({ type }) => type === 'JobCreated')).toHaveLength(1)
      expect(await again.said()).toContain('RunStarted')
      await again.end()
      expect(again.fatal).toStrictEqual([])
    }
  })

  test('the run of a Job that was created and is deleted since is told of all the same', async () => {
    const store = storeUntil('JobCreated')
    const first = await worker({ store })
    await first.create()
    await first.pass(5 * minute)
    await first.end()
    const away = await world({ store: store.inner, runtime: scriptedRuntime().runtime, clock: first.clock })
    await right(away.service.remove('default', 'hello-29743685', 'Background', { ...user, name: 'bob' }))
    await away.controller.close()
    const again = await worker({ store: store.inner, clock: first.clock, uuidsFrom: 2000 })
    await again.pass(minute)
    expect((await again.said()).slice(-3)).toStrictEqual(['RunScheduled', 'RunStarted', 'RunVanished'])
    expect(again.jobs()).toStrictEqual([])
    await again.end()
  })

  test('[H-2, H-4] of all the times that went by the latest is started at once', async () => {
    const first = await worker()
    await first.create()
    await first.end()
    first.clock.advance(hour)
    const again = await worker({ store: first.store, clock: first.clock, uuidsFrom: 1000 })
    await again.pass(2 * second)
    expect(again.jobs()).toStrictEqual(['hello-29743740 Complete'])
    await again.end()
  })

  test('the Jobs of a CronJob that was deleted while nobody worked go too', async () => {
    const first = await worker()
    await first.create()
    await first.pass(6 * minute)
    await first.end()
    const away = await world({
      store: first.store,
      runtime: scriptedRuntime().runtime,
      clock: first.clock,
      uuidsFrom: 1000,
    })
    await right(away.cronService.remove('default', 'hello', 'Background', user))
    await away.controller.close()
    expect(away.ledger.list().map(jobDisplay)).toStrictEqual(['hello-29743685 Complete'])
    const again = await worker({ store: first.store, clock: first.clock, uuidsFrom: 2000 })
    await again.pass(second)
    expect(again.jobs()).toStrictEqual([])
    await again.end()
  })
})

test.each<[Fault, string]>([
  ['full', 'is tried again a second later'],
  ['stored in silence', 'is found in the log'],
  ['overtaken', 'is decided again'],
])('an append of the CronJob that meets "%s" %s', async (fault) => {
  const faulty = faultyStore(['none', 'none', fault, fault])
  const it = await worker({ store: faulty.store })
  await it.create()
  await it.pass(6 * minute)
  expect(it.jobs()).toStrictEqual(['hello-29743685 Complete'])
  expect((await it.said()).filter((type) => type === 'RunStarted')).toHaveLength(1)
  await it.end()
  expect(it.fatal).toStrictEqual([])
})

test('a wish that came to nothing is told again a second later, and again', async () => {
  const clock = virtualClock(morning)
  const it = await world({ store: inMemoryEventStore(), runtime: scriptedRuntime().runtime, clock })
  const created = it.cronService.create(cronManifest(), user)()
  await clock.pass(0)
  const { uid } = await right(() => created)
  const asked: number[] = []
  const controller = startCronController({
    clock,
    ledger: it.ledger,
    jobs: it.service,
    jobWriter: it.writer,
    driveJob: () => {},
    onFatal: (reason) => it.fatal.push(reason),
    writer: {
      ...it.cronWriter,
      handle: (one, command, because) => {
        asked.push(clock.now() - morning)
        return asked.length < 3
          ? TE.right({ events: [], position: null, decidedAt: clock.now() })
          : it.cronWriter.handle(one, command, because)
      },
    },
  })
  controller.drive(uid)
  await clock.pass(10 * second)
  expect(asked).toStrictEqual([0, second, 2 * second])
  expect(it.ledger.cronJobs.getByUid(uid)?.state).toMatchObject({ next: morning - 30 * second + 5 * minute + 100 })
  controller.close()
})

/** A log that is away from the append on that would follow one with this type of event. */
const storeUntil = (last: string) => {
  const inner = inMemoryEventStore()
  let isAway = false
  const store: EventStore & { readonly inner: EventStore } = {
    ...inner,
    inner,
    append: (stream, expected, events) => async () => {
      if (isAway) return E.left({ _tag: 'StoreUnavailable', reason: 'away' })
      isAway = events.some(({ type }) => type === last)
      return inner.append(stream, expected, events)()
    },
  }
  return store
}

const stored = (store: EventStore) => right(store.readAll(beginning, 10_000))
