import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { hasUnfinishedEnd } from '../../../src/application/jobs/unfinished-end.ts'
import type { PodObservation } from '../../../src/domain/job/observations.ts'
import { jobStatus } from '../../../src/projections/job-object.ts'
import { right } from '../../support/event-stores.ts'
import { type Fault, faultyStore } from '../../support/faulty-store.ts'
import { change, deletePod, failed, launched, started, succeeded } from '../../support/given.ts'
import { manifest } from '../../support/manifests.ts'
import { scriptedRuntime } from '../../support/scripted-runtime.ts'
import { atSecond, type Told, told } from '../../support/told.ts'
import { virtualClock } from '../../support/virtual-clock.ts'
import { user, world } from '../../support/world.ts'

/** A run of jobledger over a log that may have a past; `turn` lets everything happen that is due within so many seconds. */
const run = async (store = inMemoryEventStore(), clock = virtualClock()) => {
  const scripted = scriptedRuntime()
  const it = await world({ store, runtime: scripted.runtime, clock })
  return {
    ...it,
    ...scripted,
    store,
    clock,
    turn: async (seconds = 0) => {
      await clock.pass(seconds * 1000)
      for (let turns = 0; turns < 5; turns += 1) await clock.pass(0)
    },
    stateOf: (uid: string) => {
      const state = it.ledger.getByUid(uid)?.state
      if (state?._tag !== 'Job') throw new Error('there is no Job')
      return state
    },
    submit: async (over: Parameters<typeof manifest>[0] = {}) => {
      const creating = it.service.create(manifest(over), user)()
      await clock.pass(0)
      const outcome = await creating
      if (outcome._tag === 'Left') throw new Error(outcome.left._tag)
      await it.controller.drive(outcome.right.uid)
      await clock.pass(0)
      return outcome.right.uid
    },
  }
}

const process = (at: number, pid = 7): PodObservation => ({
  type: 'ProcessStarted',
  container: 0,
  restart: 0,
  bootId: 'boot',
  pid,
  startTicks: 9,
  at,
})

describe('a controller', () => {
  test('starts a Pod when its creation is in the log, and confirms a process when that is in the log', async () => {
    const it = await run()
    const uid = await it.submit()
    expect(it.told).toStrictEqual(['start 0'])
    expect(it.started[0]).toMatchObject({
      job: uid,
      pod: 0,
      index: null,
      attempt: 0,
      node: 'local',
      namespace: 'default',
      labels: { 'job-name': 'pi' },
      spec: { containers: [{ name: 'main' }] },
    })
    it.sees(uid, 0, process(it.clock.now()))
    await it.turn()
    expect(it.told).toStrictEqual(['start 0', 'confirm 0/0.0'])
  })

  test('stops a Pod whose deletion is in the log, with its grace', async () => {
    const it = await run()
    const uid = await it.submit({ parallelism: 2, completions: 2 })
    await Promise.all([it.service.change('default', 'pi', { parallelism: 1 }, user)(), it.turn()])
    expect(it.told).toStrictEqual(['start 0', 'start 1', 'stop 1 in 30s'])
    expect(it.stateOf(uid).counts).toMatchObject({ active: 1, terminating: 1 })
  })

  test('records facts that came while the store was full when it is not full any more, in order and once', async () => {
    const faults: Fault[] = []
    const faulty = faultyStore(
      (function* () {
        for (;;) yield faults.shift() ?? 'none'
      })(),
    )
    const it = await run(faulty.store)
    const uid = await it.submit()
    faults.push('full', 'full')
    it.sees(uid, 0, process(it.clock.now()))
    await it.turn()
    it.sees(uid, 0, { type: 'PodStarted', ready: true, at: it.clock.now() })
    await it.turn(1)
    expect(it.told).not.toContain('confirm 0/0.0')
    await it.turn(1)
    it.sees(uid, 0, { type: 'PodSucceeded', at: it.clock.now() })
    await it.turn()
    expect(jobStatus(it.stateOf(uid), null)).toMatchObject({ succeeded: 1, completionTime: expect.any(String) })
    const types = (await right(faulty.inner.readStream(`job-${uid}`, 0, 100))).map(({ type }) => type)
    expect(types.filter((type) => ['ProcessStarted', 'PodStarted', 'PodSucceeded'].includes(type))).toStrictEqual([
      'ProcessStarted',
      'PodStarted',
      'PodSucceeded',
    ])
    expect(it.fatal).toStrictEqual([])
  })

  test('repeats what was due when the store is not full any more', async () => {
    const faulty = faultyStore(['none', 'full', 'full'])
    const it = await run(faulty.store)
    const uid = await it.submit()
    expect(it.told).toStrictEqual([])
    await it.turn(1)
    expect(it.told).toStrictEqual([])
    await it.turn(1)
    expect(it.told).toStrictEqual(['start 0'])
    expect(it.stateOf(uid).counts.active).toBe(1)
  })

  test.each<[string, ReadonlyArray<Fault>]>([
    ['stored', ['silent and unreadable']],
    ['lost', ['lost in silence', 'lost in silence', 'lost in silence']],
    ['stored late', ['stored too late', 'lost in silence', 'lost in silence']],
  ])('asks again when nobody knows whether a wish or a fact was stored: it was %s', async (_, faults) => {
    const faulty = faultyStore(['none', ...faults, 'none', ...faults])
    const it = await run(faulty.store)
    const uid = await it.submit()
    await it.turn(1)
    expect(it.told).toStrictEqual(['start 0'])
    it.sees(uid, 0, process(it.clock.now()))
    await it.turn()
    await it.turn(1)
    expect(it.told).toStrictEqual(['start 0', 'confirm 0/0.0'])
    const types = (await right(faulty.inner.readStream(`job-${uid}`, 0, 100))).map(({ type }) => type)
    expect(types.filter((type) => type === 'PodCreated' || type === 'ProcessStarted')).toHaveLength(2)
    expect(it.fatal).toStrictEqual([])
  })

  test('takes its Pods back when it leaves: deleted, never counted, and none is created anew', async () => {
    const it = await run()
    const uid = await it.submit({ parallelism: 2, completions: 2 })
    it.sees(uid, 0, process(it.clock.now()))
    await it.turn()
    let isGone = false
    const leaving = it.controller.withdraw().then(() => {
      isGone = true
    })
    await it.turn()
    expect(it.told.slice(-2)).toStrictEqual(['stop 0 in 30s', 'stop 1 in 30s'])
    it.sees(uid, 0, { type: 'PodFailed', reason: null, exitCode: 143, at: it.clock.now() })
    await it.turn()
    expect(isGone).toBe(false)
    it.sees(uid, 1, { type: 'PodFailed', reason: null, exitCode: null, at: it.clock.now() })
    await it.turn(1)
    await leaving
    expect(it.stateOf(uid)).toMatchObject({ counts: { active: 0, terminating: 0, failed: 0 }, live: 0 })
    expect(it.told.filter((line) => line.startsWith('start'))).toHaveLength(2)
    await it.controller.drive(uid)
    await it.turn(1)
    expect(it.told.filter((line) => line.startsWith('start'))).toHaveLength(2)
  })
})

describe('after a crash', () => {
  test('processes that the log knows are killed first; their Pods are lost and replaced', async () => {
    const before = await run()
    const uid = await before.submit({ parallelism: 3, completions: 3 })
    before.sees(uid, 0, process(before.clock.now(), 70))
    before.sees(uid, 1, process(before.clock.now(), 71))
    await before.turn()
    before.sees(uid, 1, { type: 'PodSucceeded', at: before.clock.now() })
    await before.turn()

    const it = await run(before.store, before.clock)
    await it.controller.drive(uid)
    await it.turn()
    expect(it.fenced).toMatchObject([{ bootId: 'boot', pid: 70, startTicks: 9 }])
    expect(it.fenced[0]?.podUid).toBe(before.started[0]?.uid)
    expect(it.told.slice(0, 2)).toStrictEqual(['fence 1', 'start 2'])
    expect(it.started[0]).toStrictEqual(before.started[2])
    await it.turn(20)
    expect(it.told.slice(2)).toStrictEqual(['start 3'])
    expect(jobStatus(it.stateOf(uid), null)).toMatchObject({ active: 2, succeeded: 1, failed: 1 })
  })

  test('a Pod that was recorded but never got a process is started, the same as it would have been', async () => {
    const before = await run()
    const uid = await before.submit({ completionMode: 'Indexed', completions: 2, parallelism: 2 })
    const it = await run(before.store, before.clock)
    await it.controller.drive(uid)
    await it.turn()
    expect(it.told).toStrictEqual(['start 0', 'start 1'])
    expect(it.started).toStrictEqual(before.started)
  })

  test('a Pod that was being deleted is lost, and not started again', async () => {
    const before = await run()
    const uid = await before.submit()
    await Promise.all([before.service.change('default', 'pi', { suspend: true }, user)(), before.turn()])
    const it = await run(before.store, before.clock)
    await it.controller.drive(uid)
    await it.turn()
    expect(it.told).toStrictEqual([])
    expect(it.stateOf(uid)).toMatchObject({ live: 0, counts: { terminating: 0, failed: 0 } })
  })

  test('a Pod that a user deletes while its Job is healed is not started behind its recorded end', async () => {
    const before = await run()
    const uid = await before.submit()
    const it = await run(before.store, before.clock)
    const deleting = it.writer.handle(uid, deletePod(0), { actor: user })()
    await it.controller.drive(uid)
    await Promise.all([deleting, it.turn()])
    expect(it.stateOf(uid)).toMatchObject({ counts: { active: 0, terminating: 0 } })
    expect(it.told.filter((line) => line.startsWith('start'))).toStrictEqual([])
  })

  test('a Job that is not driven is left alone, and so is one that is not there', async () => {
    const before = await run()
    const uid = await before.submit()
    const it = await run(before.store, before.clock)
    await it.controller.drive('nobody')
    await it.turn(100)
    expect(it.told).toStrictEqual([])
    expect(it.stateOf(uid).counts.active).toBe(1)
  })

  test('a log that is away while a Job is recovered is waited for, which is said once', async () => {
    const before = await run()
    const uid = await before.submit()
    before.sees(uid, 0, process(before.clock.now()))
    await before.turn()
    const { store } = before
    let isAway = true
    const append: typeof store.append = (...asked) =>
      isAway
        ? () => Promise.resolve({ _tag: 'Left', left: { _tag: 'StoreUnavailable', reason: 'full' } })
        : store.append(...asked)
    const it = await run({ ...store, append }, before.clock)
    void it.controller.drive(uid)
    await it.turn(3)
    expect([it.fatal, it.notices]).toStrictEqual([[], ['the log is not available: full; waiting for it']])
    expect(it.stateOf(uid).counts.active).toBe(1)
    isAway = false
    await it.turn(2)
    await it.turn(20)
    expect(it.told).toStrictEqual(['fence 1', 'start 1'])
    expect(it.fatal).toStrictEqual([])
  })
})

describe('what is left to do at the end of a Job', () => {
  const done = (ttlSecondsAfterFinished?: number) =>
    told(manifest(ttlSecondsAfterFinished === undefined ? {} : { ttlSecondsAfterFinished }))
      .sync()
      .and(succeeded(0, atSecond(1)))
      .sync(1)

  test.each<[what: string, job: Told, isUnfinished: boolean]>([
    ['nothing before its end', told().sync().and(launched(0)).and(started(0)), false],
    ['nothing when a Pod is deleted', told().sync().and(deletePod(0)), false],
    [
      'nothing when it is suspended',
      told()
        .sync()
        .and(change({ suspend: true }))
        .sync(),
      false,
    ],
    ['nothing when it is complete', done(), false],
    ['its time to live, when it is complete', done(60), true],
    ['its Pods, when it is being deleted', told().sync().and({ type: 'DeleteJob', propagation: 'Foreground' }), true],
    ['its Pods, when it is gone', told().sync().and({ type: 'DeleteJob', propagation: 'Background' }), true],
    [
      'nothing when it and its Pods are gone',
      told()
        .sync()
        .and({ type: 'DeleteJob', propagation: 'Background' })
        .and({ type: 'RemovePods' })
        .and(failed(0, atSecond(1)))
        .and({ type: 'RemovePods' }),
      false,
    ],
    [
      'nothing when it is gone after its time to live',
      done(60).and({ type: 'DeleteExpired' }, 61).and({ type: 'RemovePods' }, 61),
      false,
    ],
  ])('%s', (_, { view }, isUnfinished) => {
    if (view.state._tag === 'NoJob') throw new Error('there is no Job')
    expect(hasUnfinishedEnd(view.state)).toBe(isUnfinished)
  })

  test('is done also for a Job that another one was run beside', async () => {
    const before = await run()
    const uid = await before.submit({ ttlSecondsAfterFinished: 60 })
    const it = await run(before.store, before.clock)
    const other = await right(it.writer.handle(uid, { type: 'DeleteJob', propagation: 'Foreground' }, { actor: user }))
    expect(other.events).toHaveLength(1)
    await it.turn()
    expect(it.stateOf(uid).deletion?.propagation).toBe('Foreground')
    expect(it.told).toContain('stop 0 in 30s')
  })
})
