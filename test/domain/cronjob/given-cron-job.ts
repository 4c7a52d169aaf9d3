import { expect } from 'vitest'
import type { ChildJob } from '../../../src/domain/cronjob/child-job.ts'
import type { CronJobCommand, RunOutcome } from '../../../src/domain/cronjob/commands.ts'
import { type CronJob, type CronJobState, noCronJob } from '../../../src/domain/cronjob/cron-job.ts'
import { decideCronJob } from '../../../src/domain/cronjob/decide.ts'
import type { CronJobEvent, CronJobEventOf, CronJobEventType } from '../../../src/domain/cronjob/events.ts'
import { evolveCronJob } from '../../../src/domain/cronjob/evolve.ts'
import { runAt } from '../../../src/domain/cronjob/run-identity.ts'
import type { CronJobRefusal } from '../../../src/domain/cronjob/refusals.ts'
import type { CronJobManifest, CronJobSpec } from '../../../src/domain/kubernetes/cron-job-object.ts'
import { E } from '../../../src/prelude.ts'

/** A time of 2026-07-21 in UTC, such as `08:05` or `08:05:00.1`. */
export const time = (clock: string): number => Date.parse(`2026-07-21T${clock.length === 5 ? `${clock}:00` : clock}Z`)

/** When the CronJobs of the tests are created. */
export const created = time('08:00:30')

/** A minimal CronJob that starts a Job every five minutes; a test names only what it is about. */
export const cronManifest = (over: Partial<CronJobSpec> = {}): CronJobManifest => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'hello', namespace: 'default' },
  spec: {
    schedule: '*/5 * * * *',
    concurrencyPolicy: 'Allow',
    suspend: false,
    jobTemplate: {
      metadata: {},
      spec: { template: { spec: { containers: [{ name: 'main', image: 'busybox' }], restartPolicy: 'OnFailure' } } },
    },
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    ...over,
  },
})

export const create = (over: Partial<CronJobSpec> = {}): CronJobCommand => ({
  type: 'CreateCronJob',
  uid: 'cron-1',
  manifest: cronManifest(over),
})

export const change = (over: Partial<CronJobSpec> = {}): CronJobCommand => ({
  type: 'ChangeCronJob',
  manifest: cronManifest(over),
})

/** The sync, with the Jobs that exist. */
export const sync = (...children: ReadonlyArray<ChildJob>): CronJobCommand => ({ type: 'SyncCronJob', children })

/** The run of a time, as the CronJob names it. */
export const runOf = (clock: string) => runAt({ name: 'hello', seed: 'seed-1' }, time(clock))

const child = (clock: string, finished: ChildJob['finished']): ChildJob => {
  const { uid, name } = runOf(clock)
  return { uid, name, startTime: time(clock), finished }
}

export const running = (clock: string): ChildJob => child(clock, null)
export const complete = (clock: string, at = clock): ChildJob => child(clock, { condition: 'Complete', at: time(at) })
export const failed = (clock: string, at = clock): ChildJob => child(clock, { condition: 'Failed', at: time(at) })
/** A Job that somebody made by hand. */
export const manual = (name: string, finished: ChildJob['finished'] = null): ChildJob => ({
  uid: `uid-${name}`,
  name,
  startTime: created,
  finished,
})

export const outcome = (clock: string, what: RunOutcome): CronJobCommand => ({
  type: 'RecordRunOutcome',
  uid: runOf(clock).uid,
  outcome: what,
})

/** The Job of that time was created. */
export const startedRun = (clock: string): CronJobCommand => outcome(clock, { _tag: 'Created', resourceVersion: '7' })

/** An event of which a test names what it is about. */
export type Said = {
  readonly [K in CronJobEventType]: { readonly type: K } & Partial<CronJobEventOf<K>>
}[CronJobEventType]

export type Given = {
  /** One more command that was done before. */
  readonly and: (command: CronJobCommand, at: number) => Given
  /** A run that was scheduled and started at its time, while the Jobs given existed. */
  readonly ran: (clock: string, ...children: ReadonlyArray<ChildJob>) => Given
  readonly when: (command: CronJobCommand, at: number) => Outcome
  readonly cronJob: CronJob
  readonly state: CronJobState
  /** Every event so far. */
  readonly past: ReadonlyArray<CronJobEvent>
}

export type Outcome = {
  /** Exactly these events, in this order; fields that are not named may be anything. */
  readonly emits: (...expected: ReadonlyArray<Said>) => void
  /** The same with types alone, the end of the sync left out. */
  readonly says: (...expected: ReadonlyArray<CronJobEventType>) => void
  readonly refuses: (refusal: CronJobRefusal) => void
  readonly events: ReadonlyArray<CronJobEvent>
}

/** A CronJob that was created with these differences from the minimal one, in a controller whose clock shows UTC. */
export const given = (over: Partial<CronJobSpec> = {}, localZone = 'UTC'): Given =>
  nothing(localZone).and(create(over), created)

export const nothing = (localZone = 'UTC'): Given => standing([], noCronJob, localZone)

const standing = (past: ReadonlyArray<CronJobEvent>, state: CronJobState, localZone: string): Given => {
  const decided = (command: CronJobCommand, at: number) =>
    decideCronJob(command, { at, seed: 'seed-1', localZone })(state)
  const eventsOf = (command: CronJobCommand, at: number): ReadonlyArray<CronJobEvent> => {
    const decision = decided(command, at)
    if (E.isLeft(decision)) throw new Error(`${command.type} was refused: ${decision.left._tag}`)
    return decision.right
  }
  const self: Given = {
    past,
    state,
    get cronJob() {
      if (state._tag === 'NoCronJob') throw new Error('there is no CronJob')
      return state
    },
    and: (command, at) => {
      const events = eventsOf(command, at)
      return standing([...past, ...events], evolveCronJob(state, events), localZone)
    },
    ran: (clock, ...children) => self.and(sync(...children), time(clock)).and(startedRun(clock), time(clock)),
    when: (command, at) => ({
      emits: (...expected) => expect(eventsOf(command, at)).toMatchObject(expected),
      says: (...expected) =>
        expect(
          eventsOf(command, at)
            .map(({ type }) => type)
            .filter((type) => type !== 'CronJobSynced'),
        ).toStrictEqual(expected),
      refuses: (refusal) => expect(decided(command, at)).toStrictEqual(E.left(refusal)),
      get events() {
        return eventsOf(command, at)
      },
    }),
  }
  return self
}
