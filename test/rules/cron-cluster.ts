import { inMemoryEventStore } from '../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { openSimulatedRuntime } from '../../src/adapters/runtimes/simulated/open-simulated-runtime.ts'
import type { CronJobSpec } from '../../src/domain/kubernetes/cron-job-object.ts'
import { E, type TE } from '../../src/prelude.ts'
import { cronJobObject } from '../../src/projections/cron-job-object.ts'
import { cronJobKubernetesEvents } from '../../src/projections/cron-job-events.ts'
import type { RecordedCronJobEvent } from '../../src/projections/cron-job-view.ts'
import { jobObject } from '../../src/projections/job-object.ts'
import { cronManifest } from '../domain/cronjob/given-cron-job.ts'
import { manifest } from '../support/manifests.ts'
import { virtualClock } from '../support/virtual-clock.ts'
import { user, world } from '../support/world.ts'

export const minute = 60_000
export const hour = 60 * minute

/**
 * A process at work for CronJobs, whose Pods run for `runMs` and end with `exitCode`. The CronJob `hello` starts a Job each minute,
 * unless told otherwise.
 */
export const cronCluster = async ({ runMs = 1000, exitCode = 0, since = Date.parse('2026-07-21T08:00:30Z') } = {}) => {
  const clock = virtualClock(since)
  const store = inMemoryEventStore()
  const runtime = openSimulatedRuntime({ clock, scenario: () => ({ runMs, exitCode }) })
  const it = await world({ store, runtime, clock })
  const told: RecordedCronJobEvent[] = []
  it.ledger.cronJobs.news$.subscribe((news) => {
    for (const { recorded } of news) told.push(...recorded)
  })
  it.workForAll()
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 200) {
      await clock.pass(Math.min(left, 200))
      await clock.pass(0)
    }
  }
  const done = async <A>(work: TE.TaskEither<{ readonly _tag: string }, A>): Promise<A> => {
    const outcome = work()
    await pass(10)
    const settled = await outcome
    if (E.isLeft(settled)) throw new Error(settled.left._tag)
    return settled.right
  }
  const everyMinute = (over: Partial<CronJobSpec>) => cronManifest({ schedule: '* * * * *', ...over })
  const views = () => it.ledger.list().filter(({ state }) => state._tag === 'Job' && !state.deleted)
  return {
    ledger: it.ledger,
    pass,
    now: clock.now,
    create: (over: Partial<CronJobSpec> = {}) => done(it.cronService.create(everyMinute(over), user)),
    change: (over: Partial<CronJobSpec>) =>
      done(it.cronService.change('default', 'hello', () => everyMinute(over), user)),
    deleteJob: (uid: string) =>
      done(it.writer.handle(uid, { type: 'DeleteJob', propagation: 'Background' }, { actor: user })),
    createJob: (name: string, over: Parameters<typeof manifest>[0]) =>
      done(it.service.create(manifest(over, name), user)),
    jobs: () => views().flatMap((view) => jobObject(view) ?? []),
    running: () => views().flatMap(({ state }) => (state._tag === 'Job' && state.finished === null ? state.uid : [])),
    cronJob: () => {
      const view = it.ledger.cronJobs.find('default', 'hello')
      const object = view === null ? null : cronJobObject(view)
      if (object === null) throw new Error('there is no CronJob')
      return object
    },
    /** Reasons of the Kubernetes Events about the CronJob, in the order of their first time. */
    reasons: () => cronJobKubernetesEvents(told).map(({ reason }) => reason),
  }
}
