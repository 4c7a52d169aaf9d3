import fc from 'fast-check'
import type * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import type { ChildJob } from '../../../src/domain/cronjob/child-job.ts'
import { jobEvents } from '../../../src/domain/job/events.ts'
import { noCronJob } from '../../../src/domain/cronjob/cron-job.ts'
import { cronJobEvents } from '../../../src/domain/cronjob/events.ts'
import { evolveCronJob } from '../../../src/domain/cronjob/evolve.ts'
import { syncDue } from '../../../src/domain/cronjob/agenda.ts'
import { openWork } from '../../../src/domain/cronjob/open-work.ts'
import type { ConcurrencyPolicy } from '../../../src/domain/kubernetes/cron-job-object.ts'
import { O } from '../../../src/prelude.ts'
import { change, created, type Given, given, sync } from './given-cron-job.ts'

/** A world around one CronJob: its Jobs by uid, and a list of every Job that was ever created. */
type World = {
  readonly given: Given
  readonly jobs: ReadonlyMap<string, ChildJob>
  readonly made: ReadonlyArray<string>
}

type Move = {
  readonly minutes: number
  readonly what: 'end' | 'fail' | 'remove' | 'suspend' | 'resume' | 'nothing' | 'forget'
}

const moves = fc.array(
  fc.record({
    minutes: fc.integer({ min: 0, max: 14 }),
    what: fc.constantFrom<Move['what'][]>('end', 'end', 'fail', 'remove', 'suspend', 'resume', 'nothing', 'forget'),
  }),
  { maxLength: 25 },
)

/** Does what is open as an application would: creates by uid, deletes by uid, and answers. */
const doOpenWork = (world: World, at: number): World => {
  const { create, remove } = openWork(world.given.cronJob)
  const jobs = new Map(world.jobs)
  for (const { uid } of remove) jobs.delete(uid)
  if (create === null) return { ...world, jobs }
  const isNew = !world.made.includes(create.uid)
  if (isNew) jobs.set(create.uid, { ...create, startTime: at, finished: null })
  return {
    jobs,
    made: isNew ? [...world.made, create.uid] : world.made,
    given: world.given.and(
      { type: 'RecordRunOutcome', uid: create.uid, outcome: { _tag: 'Created', resourceVersion: '1' } },
      at,
    ),
  }
}

const settle = (before: World, at: number): World => {
  let world = before
  for (let round = 0; round < 20; round += 1) {
    world = doOpenWork(world, at)
    const due = syncDue(world.given.cronJob, [...world.jobs.values()])
    if (O.isNone(due) || due.value > at) return world
    world = { ...world, given: world.given.and(sync(...world.jobs.values()), at) }
  }
  throw new Error('the CronJob does not come to rest')
}

const play = (policy: ConcurrencyPolicy, story: ReadonlyArray<Move>, seen: (world: World) => void): void => {
  let at = created
  let world = settle({ given: given({ concurrencyPolicy: policy }), jobs: new Map(), made: [] }, at)
  for (const { minutes, what } of story) {
    at += minutes * 60_000 + 1000
    const jobs = new Map(world.jobs)
    const first = [...jobs.values()].find(({ finished }) => finished === null)
    if (first !== undefined && (what === 'end' || what === 'fail'))
      jobs.set(first.uid, { ...first, finished: { condition: what === 'end' ? 'Complete' : 'Failed', at } })
    if (first !== undefined && what === 'remove') jobs.delete(first.uid)
    const told =
      what === 'suspend' || what === 'resume'
        ? world.given.and(change({ concurrencyPolicy: policy, suspend: what === 'suspend' }), at)
        : world.given
    /** A crash between the intent and its effect: the Job was made, and the answer was lost. */
    if (what === 'forget') {
      const due = told.and(sync(...jobs.values()), at)
      const { create } = openWork(due.cronJob)
      if (create !== null && !world.made.includes(create.uid)) {
        jobs.set(create.uid, { ...create, startTime: at, finished: null })
        world = { ...world, made: [...world.made, create.uid] }
      }
      world = settle({ ...world, given: due, jobs }, at)
    } else world = settle({ ...world, given: told, jobs }, at)
    seen(world)
  }
}

test('no event of a CronJob has the type of an event of a Job', () =>
  expect(Object.keys(cronJobEvents).filter((type) => type in jobEvents)).toStrictEqual([]))

const policies: ReadonlyArray<ConcurrencyPolicy> = ['Allow', 'Forbid', 'Replace']

describe.each(policies)('whatever happens under %s', (policy) => {
  test('[11.4, K-6] no scheduled time is started twice, none goes back, and no Job is unexpected', () =>
    fc.assert(
      fc.property(moves, (story) => {
        play(policy, story, ({ given: { past, cronJob }, jobs, made }) => {
          const times = past.flatMap((event) => (event.type === 'RunStarted' ? [event.scheduledAt] : []))
          expect(times).toStrictEqual([...new Set(times)].sort((a, b) => a - b))
          expect(made).toHaveLength(times.length)
          expect(past.map(({ type }) => type)).not.toContain('UnexpectedJobSeen')
          const unfinished = [...jobs.values()].filter(({ finished }) => finished === null).map(({ uid }) => uid)
          expect(cronJob.active.map(({ uid }) => uid).sort()).toStrictEqual(unfinished.sort())
          if (policy !== 'Allow') expect(unfinished.length).toBeLessThanOrEqual(1)
          const succeeded = [...jobs.values()].filter(({ finished }) => finished?.condition === 'Complete')
          expect(succeeded.length).toBeLessThanOrEqual(3)
        })
      }),
      { numRuns: 40 },
    ))

  test('its state is the fold of its events, in pieces of any size, and every event is what its codec says', () =>
    fc.assert(
      fc.property(moves, (story) => {
        play(policy, story.slice(0, 8), ({ given: { past, state } }) => {
          expect(past.reduce((folded, event) => evolveCronJob(folded, [event]), noCronJobState)).toStrictEqual(state)
          expect(evolveCronJob(noCronJob, past)).toStrictEqual(state)
          for (const event of past) {
            const codec: t.Mixed = cronJobEvents[event.type]
            expect(codec.decode(event)).toMatchObject({ _tag: 'Right', right: event })
          }
        })
      }),
      { numRuns: 10 },
    ))
})

const noCronJobState: ReturnType<typeof evolveCronJob> = noCronJob
