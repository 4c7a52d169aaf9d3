import { type SchedulerLike, Subject } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, test, vi } from 'vitest'
import type { JobCommand } from '../../src/domain/job/commands.ts'
import type { JobTerms } from '../../src/domain/job/job-facts.ts'
import { O } from '../../src/prelude.ts'
import { allSagas } from '../../src/sagas/all-sagas.ts'
import { ensureBackoffLimitIsKept } from '../../src/sagas/ensure-backoff-limit-is-kept.ts'
import { ensureDeadlineIsKept } from '../../src/sagas/ensure-deadline-is-kept.ts'
import { ensureDeletedJobsLoseTheirPods } from '../../src/sagas/ensure-deleted-jobs-lose-their-pods.ts'
import { ensureDesiredPodsExist } from '../../src/sagas/ensure-desired-pods-exist.ts'
import { ensureExpiredJobsGo } from '../../src/sagas/ensure-expired-jobs-go.ts'
import { type Moment, type SagaTime, type Wish, whenDue } from '../../src/sagas/saga.ts'
import { terms } from '../support/facts.ts'
import { change, failed, type Given, given, launched, started, succeeded, sync } from '../support/given.ts'
import { virtualClock } from '../support/virtual-clock.ts'

/** In these tests time begins at 0, and every Job is created one second later. */
const created = (over: Partial<JobTerms> = {}, uid = 'uid-1'): Given =>
  given({
    type: 'JobCreated',
    uid,
    namespace: 'default',
    name: 'pi',
    seed: 's',
    terms: terms(over),
    hasFinalizers: false,
    at: 1000,
  })

const moment = ({ job }: Given): Moment => ({ job, cause: 'event-1', correlationId: 'request-1' })

/** The wish of one saga, made by the event of the moment, or by the clock at `ms`. */
const wish = (saga: string, intent: Wish['intent'], ms?: number): Wish => ({
  job: 'uid-1',
  intent,
  saga,
  cause: ms === undefined ? 'event-1' : `clock:${ms}`,
  correlationId: 'request-1',
})

type Told = { readonly [letter: string]: Given }

/** Draws moments and the wishes that a saga answers with; a time word needs a space behind it. */
const drawn = (
  saga: (time: SagaTime) => ReturnType<typeof allSagas>,
  moments: string,
  told: Told,
  wishes: string,
  expected: { readonly [letter: string]: Wish } = {},
  windowMs = 0,
): void => {
  const scheduler = new TestScheduler((actual, wanted) => expect(actual).toStrictEqual(wanted))
  scheduler.run(({ hot, expectObservable }) => {
    const values = Object.fromEntries(Object.entries(told).map(([letter, it]) => [letter, moment(it)]))
    const wishes$ = saga({ scheduler, windowMs })(hot(moments, values))
    expectObservable(wishes$).toBe(wishes, expected)
  })
}

describe('ensure-deadline-is-kept', () => {
  const deadline = (ms?: number) => wish('ensure-deadline-is-kept', 'ExpireDeadline', ms)
  const running = (activeDeadlineSeconds: number | null) => created({ activeDeadlineSeconds }).and(sync, 1000)

  test('[F-5] wishes when the deadline passes, once, and nothing before', () =>
    drawn(ensureDeadlineIsKept, '1s r', { r: running(5) }, '6s x', { x: deadline(6000) }))

  test('[F-5] the deadline counts from the start of the Job, not from the moment it is told', () =>
    drawn(ensureDeadlineIsKept, '4s r', { r: running(5) }, '6s x', { x: deadline(6000) }))

  test('[F-5] what is due already is wished at once, because of the moment itself', () =>
    drawn(ensureDeadlineIsKept, '9s r', { r: running(5) }, '9s x', { x: deadline() }))

  test('[E-3] a newer moment replaces the wait', () =>
    drawn(ensureDeadlineIsKept, '1s a 999ms b 3s c', { a: running(5), b: running(90), c: running(10) }, '11s x', {
      x: deadline(11_000),
    }))

  test('[R-3] suspension ends the wait, resuming begins it anew', () => {
    const suspended = running(5)
      .and(change({ suspend: true }), 3000)
      .and(sync, 3000)
    const resumed = suspended.and(change({ suspend: false }), 20_000).and(sync, 20_000)
    drawn(ensureDeadlineIsKept, '1s r 1999ms s 16999ms a', { r: running(5), s: suspended, a: resumed }, '25s x', {
      x: deadline(25_000),
    })
  })

  test('[F-18] the end of the Job ends the wait', () =>
    drawn(ensureDeadlineIsKept, '1s r 999ms f', { r: running(5), f: running(5).and(succeeded(0)).and(sync, 2000) }, ''))

  test('without a deadline there is nothing to wait for', () =>
    drawn(ensureDeadlineIsKept, '1s r', { r: running(null) }, ''))

  test.each([24, 25, 40, 41, 400, 4000])('a deadline %i days away is wished once, to the millisecond', (days) => {
    const seconds = days * 86_400
    const at = 1000 + seconds * 1000
    drawn(ensureDeadlineIsKept, '1s r', { r: running(seconds) }, `${at}ms x`, { x: deadline(at) })
  })

  test('every Job waits by itself', () => {
    const scheduler = new TestScheduler((actual, wanted) => expect(actual).toStrictEqual(wanted))
    scheduler.run(({ hot, expectObservable }) => {
      const of = (uid: string, activeDeadlineSeconds: number) =>
        moment(created({ activeDeadlineSeconds }, uid).and(sync, 1000))
      const moments$ = hot('1s ab', { a: of('a', 5), b: of('b', 3) })
      const expected = { a: { ...deadline(6000), job: 'a' }, b: { ...deadline(4000), job: 'b' } }
      expectObservable(ensureDeadlineIsKept({ scheduler, windowMs: 0 })(moments$)).toBe('4s b 1999ms a', expected)
    })
  })
})

describe('when the clock was set back', () => {
  test('what was noted in the future is as good as noted now, and waits for the window alone', () => {
    const told = { c: created(), s: created().and(sync, 1000).and(started(0, 9000), 9000) }
    const ofPods = (ms?: number) => wish('ensure-desired-pods-exist', 'CreatePods', ms)
    drawn(ensureDesiredPodsExist, 'c', told, 'x', { x: ofPods() })
    drawn(ensureDesiredPodsExist, '2s s', told, '4s x', { x: ofPods(4000) }, 2000)
  })

  test('a deleted Job loses its Pods all the same', () => {
    const it = created().and(sync, 1000).and({ type: 'DeleteJob', propagation: 'Foreground' }, 9000)
    const x = wish('ensure-deleted-jobs-lose-their-pods', 'RemovePods')
    drawn(ensureDeletedJobsLoseTheirPods, '2s d', { d: it }, '2s x', { x })
  })
})

describe('ensure-expired-jobs-go', () => {
  const expired = (ms?: number) => wish('ensure-expired-jobs-go', 'DeleteExpired', ms)
  const done = (ttlSecondsAfterFinished: number | null) =>
    created({ ttlSecondsAfterFinished }).and(sync, 1000).and(succeeded(0, 2000), 2000).and(sync, 2000)

  test('[G-1] wishes when the time to live has passed since the end', () =>
    drawn(ensureExpiredJobsGo, '2s d', { d: done(3) }, '5s x', { x: expired(5000) }))

  test('[G-1] 0 is at once', () => drawn(ensureExpiredJobsGo, '2s d', { d: done(0) }, '2s x', { x: expired() }))

  test('[G-3] the field may be changed, removed and set meanwhile', () => {
    const longer = done(3).and(change({ ttlSecondsAfterFinished: 8 }), 3000)
    const never = longer.and(change({ ttlSecondsAfterFinished: null }), 4000)
    const set = never.and(change({ ttlSecondsAfterFinished: 60 }), 20_000)
    const told = { d: done(3), l: longer, n: never, s: set }
    drawn(ensureExpiredJobsGo, '2s d 999ms l', told, '10s x', { x: expired(10_000) })
    drawn(ensureExpiredJobsGo, '2s d 999ms l 999ms n', told, '')
    drawn(ensureExpiredJobsGo, '2s d 999ms l 999ms n 15999ms s', told, '62s x', { x: expired(62_000) })
  })

  test('[G-1] a time to live of 400 days is kept to the millisecond', () => {
    const at = 2000 + 400 * 86_400_000
    drawn(ensureExpiredJobsGo, '2s d', { d: done(400 * 86_400) }, `${at}ms x`, { x: expired(at) })
  })

  test('[G-2] a Job that is being deleted is not wished away again', () =>
    drawn(ensureExpiredJobsGo, '9s d', { d: done(3).and({ type: 'DeleteExpired' }, 9000) }, ''))
})

describe('ensure-desired-pods-exist', () => {
  const pods = (ms?: number) => wish('ensure-desired-pods-exist', 'CreatePods', ms)
  const running = created().and(sync, 1000)

  test('[C-7] a new Job is synced at once, whatever the window', () =>
    drawn(ensureDesiredPodsExist, '1s n', { n: created() }, '1s x', { x: pods() }, 5000))

  test('a Job that has what it wants wishes nothing', () => drawn(ensureDesiredPodsExist, '1s r', { r: running }, ''))

  test('[2.3] facts wait for the window, which begins with the first of them', () => {
    const one = running.and(started(0, 2000), 2000)
    const more = one.and(succeeded(0, 2300), 2300)
    drawn(ensureDesiredPodsExist, '2s o 299ms m', { o: one, m: more }, '3s x', { x: pods(3000) }, 1000)
  })

  test('without a window they are taken into account at once', () =>
    drawn(ensureDesiredPodsExist, '2s o', { o: running.and(started(0, 2000), 2000) }, '2s x', { x: pods() }))

  test('[B-3] a failed Pod is replaced when its back-off ends', () => {
    const broken = running.and(failed(0, 2000), 2000).and(sync, 2000)
    drawn(ensureDesiredPodsExist, '2s b', { b: broken }, '12s x', { x: pods(12_000) })
  })

  test('[W-5] a deleted Job creates nothing any more', () =>
    drawn(
      ensureDesiredPodsExist,
      '1s d',
      { d: created().and({ type: 'DeleteJob', propagation: 'Foreground' }, 1000) },
      '',
    ))
})

describe('ensure-backoff-limit-is-kept', () => {
  const fails = (ms?: number) => wish('ensure-backoff-limit-is-kept', 'FailOnBackoff', ms)

  test('[F-4] one failure too many is wished when the window has passed', () => {
    const broken = created({ backoffLimit: 0 }).and(sync, 1000).and(failed(0, 2000), 2000)
    drawn(ensureBackoffLimitIsKept, '2s b', { b: broken }, '3s x', { x: fails(3000) }, 1000)
  })

  test('[F-4] as many as are allowed are not', () =>
    drawn(
      ensureBackoffLimitIsKept,
      '2s b',
      { b: created({ backoffLimit: 1 }).and(sync, 1000).and(failed(0, 2000)) },
      '',
    ))

  test('[O-3] a restart too many is', () => {
    const restarted = created({ backoffLimit: 1, restartPolicy: 'OnFailure' })
      .and(sync, 1000)
      .and(launched(0, 2000, 1))
    drawn(ensureBackoffLimitIsKept, '2s r', { r: restarted }, '2s x', { x: fails() })
  })
})

describe('ensure-deleted-jobs-lose-their-pods', () => {
  const remove = (ms?: number) => wish('ensure-deleted-jobs-lose-their-pods', 'RemovePods', ms)

  test('[W-5] at once, and again when the last Pod has ended', () => {
    const deleted = created().and(sync, 1000).and({ type: 'DeleteJob', propagation: 'Foreground' }, 2000)
    const stopping = deleted.and({ type: 'RemovePods' }, 2000)
    const ended = stopping.and(failed(0, 3000), 3000)
    const gone = ended.and({ type: 'RemovePods' }, 3000)
    drawn(
      ensureDeletedJobsLoseTheirPods,
      '2s d 499ms s 499ms e 499ms g',
      { d: deleted, s: stopping, e: ended, g: gone },
      '2s x 999ms x',
      { x: remove() },
    )
  })
})

test('[F-4] of what is due in one moment the limit is wished before Pods are, so that the log names the reason', () => {
  const clock = virtualClock(9000)
  const broken = created({ backoffLimit: 0 }).and(sync, 1000).and(failed(0, 2000), 2000)
  const moments$ = new Subject<Moment>()
  const wishes: string[] = []
  allSagas({ scheduler: clock.scheduler, windowMs: 0 })(moments$).subscribe(({ intent }) => wishes.push(intent))
  moments$.next(moment(broken))
  expect(wishes).toStrictEqual(['FailOnBackoff', 'CreatePods'])
})

test.each<[type: Wish['intent'], at: number, told: Given]>([
  ['CreatePods', 1000, created()],
  ['FailOnBackoff', 2000, created({ backoffLimit: 0 }).and(sync, 1000).and(failed(0, 2000))],
  ['ExpireDeadline', 6000, created({ activeDeadlineSeconds: 5 }).and(sync, 1000)],
  ['DeleteExpired', 2000, created({ ttlSecondsAfterFinished: 0 }).and(sync, 1000).and(succeeded(0)).and(sync, 2000)],
  ['RemovePods', 2000, created().and(sync, 1000).and({ type: 'DeleteJob', propagation: 'Foreground' }, 2000)],
])('%s wished twice does nothing twice', (type, at, told) => {
  const intent: JobCommand = { type }
  expect(told.when(intent, at).events.length).toBeGreaterThan(0)
  told.and(intent, at).when(intent, at).emits()
})

/** How many Jobs sagas still keep something of, after they were told this. */
const keptAfter = (told: () => void): number => {
  const set = vi.spyOn(Map.prototype, 'set')
  try {
    told()
    const maps = set.mock.contexts.flatMap((map: unknown, call) =>
      map instanceof Map && String(set.mock.calls[call]?.[0]).startsWith('uid-') ? [map] : [],
    )
    return [...new Set(maps)].reduce((sum, { size }) => sum + size, 0)
  } finally {
    set.mockRestore()
  }
}

describe('what sagas keep', () => {
  const life = (ttlSecondsAfterFinished: number | null): ReadonlyArray<Given> => {
    const born = created({ activeDeadlineSeconds: 500, ttlSecondsAfterFinished })
    const running = born.and(sync, 1000)
    const done = running.and(succeeded(0, 2000), 2000)
    return [born, running, done, done.and(sync, 2000)]
  }
  const thenGone = (lived: ReadonlyArray<Given>): ReadonlyArray<Given> => {
    const deleted = (lived.at(-1) as Given).and({ type: 'DeleteExpired' }, 99_000)
    return [...lived, deleted, deleted.and({ type: 'RemovePods' }, 99_000)]
  }

  test.each<[what: string, lived: ReadonlyArray<Given>]>([
    ['that are gone', thenGone(life(60))],
    ['that are finished for good', life(null)],
  ])('of 10 000 Jobs %s: nothing, and no timer', (_, lived) => {
    const clock = virtualClock(1000)
    const moments$ = new Subject<Moment>()
    const wished = new Set<string>()
    allSagas({ scheduler: clock.scheduler, windowMs: 0 })(moments$).subscribe(({ job }) => wished.add(job))
    const kept = keptAfter(() => {
      for (let n = 0; n < 10_000; n += 1)
        for (const { job } of lived)
          moments$.next({ job: { ...job, uid: `uid-${n}` }, cause: 'event-1', correlationId: null })
    })
    expect(wished.size).toBe(10_000)
    expect(kept).toBe(0)
    expect((clock.scheduler as unknown as { actions: ReadonlyArray<unknown> }).actions).toHaveLength(0)
  })

  test('of a Job that waits: one wait, so the count above can tell', () => {
    const clock = virtualClock(1000)
    const moments$ = new Subject<Moment>()
    ensureDeadlineIsKept({ scheduler: clock.scheduler, windowMs: 0 })(moments$).subscribe()
    const kept = keptAfter(() => {
      for (const uid of ['uid-a', 'uid-b', 'uid-a'])
        moments$.next(moment(created({ activeDeadlineSeconds: 9 }, uid).and(sync, 1000)))
    })
    expect(kept).toBe(2)
  })
})

test('no timer is ever set beyond what real timers can hold, because those fire at once', () => {
  const clock = virtualClock(0)
  const waits: number[] = []
  const watching: SchedulerLike = {
    now: () => clock.now(),
    schedule: (...asked: Parameters<SchedulerLike['schedule']>) => {
      waits.push(asked[1] ?? 0)
      return clock.scheduler.schedule(...asked)
    },
  }
  const at = 400 * 86_400_000
  const moments$ = new Subject<Moment>()
  const fired: number[] = []
  whenDue('patience', 'CreatePods', () => O.some(at), { scheduler: watching, windowMs: 0 })(moments$).subscribe(() =>
    fired.push(clock.now()),
  )
  moments$.next(moment(created()))
  clock.runAll()
  expect(fired).toStrictEqual([at])
  expect(Math.max(...waits)).toBeLessThan(2 ** 31)
})
