import { Subject, type Subscription } from 'rxjs'
import { describe, expect, test } from 'vitest'
import type { ChildJob } from '../../src/domain/cronjob/child-job.ts'
import type { CronJobCommand } from '../../src/domain/cronjob/commands.ts'
import { type CronJobState, noCronJob } from '../../src/domain/cronjob/cron-job.ts'
import { decideCronJob } from '../../src/domain/cronjob/decide.ts'
import type { CronJobEvent } from '../../src/domain/cronjob/events.ts'
import { evolveCronJob } from '../../src/domain/cronjob/evolve.ts'
import { openWork } from '../../src/domain/cronjob/open-work.ts'
import type { CronJobSpec } from '../../src/domain/kubernetes/cron-job-object.ts'
import { E } from '../../src/prelude.ts'
import type { CronMoment } from '../../src/sagas/cron-saga.ts'
import { ensureScheduledJobsStart } from '../../src/sagas/ensure-scheduled-jobs-start.ts'
import { change, create } from '../domain/cronjob/given-cron-job.ts'
import { virtualClock } from '../support/virtual-clock.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/**
 * The loop that an application closes around one CronJob: events change the state, the state makes a moment and open work, the saga
 * wishes, the decider decides. Its Jobs run for `jobMs`; `restart` forgets all but the log and the Jobs.
 */
const loopAround = (over: Partial<CronJobSpec>, from: string, jobMs: number, localZone = 'UTC') => {
  const clock = virtualClock(Date.parse(from))
  const log: CronJobEvent[] = []
  const jobs = new Map<string, ChildJob>()
  let state: CronJobState = noCronJob
  const moments$ = new Subject<CronMoment>()
  const children = () => [...jobs.values()]

  const tell = (): void => {
    if (state._tag === 'NoCronJob') return
    moments$.next({ cronJob: state, children: children(), cause: `event-${log.length}`, correlationId: null })
  }

  const doOpenWork = (): void => {
    if (state._tag === 'NoCronJob') return
    const { create: run, remove } = openWork(state)
    for (const { uid } of remove) if (jobs.delete(uid)) tell()
    if (run === null) return
    if (!jobs.has(run.uid)) {
      jobs.set(run.uid, { uid: run.uid, name: run.name, startTime: clock.now(), finished: null })
      clock.scheduler.schedule(() => {
        const job = jobs.get(run.uid)
        if (job === undefined) return
        jobs.set(run.uid, { ...job, finished: { condition: 'Complete', at: clock.now() } })
        tell()
      }, jobMs)
    }
    give({ type: 'RecordRunOutcome', uid: run.uid, outcome: { _tag: 'Created', resourceVersion: '1' } })
  }

  const give = (command: CronJobCommand): void => {
    const decision = decideCronJob(command, { at: clock.now(), seed: 'seed-1', localZone })(state)
    if (E.isLeft(decision)) throw new Error(decision.left._tag)
    if (decision.right.length === 0) return
    log.push(...decision.right)
    state = evolveCronJob(state, decision.right)
    doOpenWork()
    tell()
  }

  const listen = (): Subscription =>
    ensureScheduledJobsStart(clock)(moments$).subscribe(() =>
      clock.scheduler.schedule(() => give({ type: 'SyncCronJob', children: children() })),
    )

  let process = listen()
  give(create(over))
  return {
    give,
    pass: clock.advance,
    children,
    /** The process was away for a while. */
    restart: (awayMs: number): void => {
      process.unsubscribe()
      clock.advance(awayMs)
      process = listen()
      tell()
      doOpenWork()
    },
    /** When Jobs were started, and for which times. */
    starts: () =>
      log.flatMap((event) =>
        event.type === 'RunStarted'
          ? [`${new Date(event.scheduledAt).toISOString().slice(5, 16)} +${event.at - event.scheduledAt}`]
          : [],
      ),
    count: (type: CronJobEvent['type']) => log.filter((event) => event.type === type).length,
    log,
  }
}

describe('a CronJob in the loop', () => {
  test('[11.2] starts its Jobs a tenth of a second after their times, and keeps three of them', () => {
    const loop = loopAround({ schedule: '0 */6 * * *' }, '2026-07-21T08:00:00Z', hour)
    loop.pass(2 * day)
    expect(loop.starts()).toStrictEqual([
      '07-21T12:00 +100',
      '07-21T18:00 +100',
      '07-22T00:00 +100',
      '07-22T06:00 +100',
      '07-22T12:00 +100',
      '07-22T18:00 +100',
      '07-23T00:00 +100',
      '07-23T06:00 +100',
    ])
    expect(loop.children()).toHaveLength(3)
    expect(loop.count('RunFinished')).toBe(8)
  })

  test('[11.1] keeps the local time when the clocks are changed', () => {
    const loop = loopAround({ schedule: '30 7 * * *', timeZone: 'Europe/Vienna' }, '2026-10-23T12:00:00Z', minute)
    loop.pass(4 * day)
    expect(loop.starts()).toStrictEqual([
      '10-24T05:30 +100',
      '10-25T06:30 +100',
      '10-26T06:30 +100',
      '10-27T06:30 +100',
    ])
  })

  test('[K-3, H-7] Forbid: what was left out starts as soon as the Job before has ended', () => {
    const loop = loopAround({ concurrencyPolicy: 'Forbid' }, '2026-07-21T08:00:00Z', 7 * minute)
    loop.pass(20 * minute)
    expect(loop.starts()).toStrictEqual(['07-21T08:05 +100', '07-21T08:10 +120100', '07-21T08:15 +240100'])
  })

  test('[K-4] Replace: never two at a time', () => {
    const loop = loopAround({ concurrencyPolicy: 'Replace' }, '2026-07-21T08:00:00Z', hour)
    loop.pass(hour)
    expect(loop.starts()).toHaveLength(11)
    expect(loop.children()).toHaveLength(1)
    expect(loop.count('RunVanished') + loop.count('UnexpectedJobSeen')).toBe(0)
  })

  test('[H-2, H-4] a process that was away starts the latest missed time at once, and goes on', () => {
    const loop = loopAround({}, '2026-07-21T08:00:00Z', minute)
    loop.pass(6 * minute)
    loop.restart(hour)
    loop.pass(5 * minute)
    expect(loop.starts()).toStrictEqual(['07-21T08:05 +100', '07-21T09:05 +60000', '07-21T09:10 +100'])
  })

  test('[11.5] suspended and resumed; deleted with its Jobs; nothing is left to wait for', () => {
    const loop = loopAround({}, '2026-07-21T08:00:00Z', hour)
    loop.pass(6 * minute)
    loop.give(change({ suspend: true }))
    loop.pass(hour)
    expect(loop.starts()).toHaveLength(1)
    loop.give(change({ suspend: false }))
    loop.pass(1)
    expect(loop.starts()).toStrictEqual(['07-21T08:05 +100', '07-21T09:05 +60000'])
    loop.give({ type: 'DeleteCronJob', propagation: 'Foreground' })
    loop.pass(1)
    expect(loop.children()).toHaveLength(0)
    expect(loop.log.at(-1)?.type).toBe('CronJobDeleted')
    const { length } = loop.log
    loop.pass(10 * day)
    expect(loop.log).toHaveLength(length)
  })
})
