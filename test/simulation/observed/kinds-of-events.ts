import type { JobEvent, JobEventType } from '../../../src/domain/job/events.ts'

/** What decides a Job. */
export const verdicts = ['SuccessCriteriaMet', 'FailureTargeted', 'JobCompleted', 'JobFailed'] as const

/** What happens to a Job only while it goes on. */
export const ofTheLiving = ['PodCreated', 'PodHeldBack', 'IndexFailed', ...verdicts] as const

/** The last event of a sync. */
export const endsOfSyncs = ['JobSynced', 'StatusWithheld'] as const

/** What nobody but a sync does. */
export const ofSyncs = [...ofTheLiving, ...endsOfSyncs] as const

/** Whether an event is one of these. */
export const isOneOf = (types: ReadonlyArray<JobEventType>): ((event: Pick<JobEvent, 'type'>) => boolean) => {
  const all: ReadonlySet<JobEventType> = new Set(types)
  return ({ type }) => all.has(type)
}
