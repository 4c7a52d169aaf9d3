import type { JobEvent, JobEventOf } from '../../../src/domain/job/events.ts'
import type { ObservedJob } from '../observed/observed-job.ts'

/** What is wrong, as a sentence; null when nothing is. */
export type Complaint = string | null

/** Holds at each event: `job` is as before it. */
export type EventInvariant = (job: ObservedJob, event: JobEvent) => Complaint

/** All events of one command that is no sync. */
export type CommandSeen = {
  readonly before: ObservedJob
  readonly after: ObservedJob
  readonly events: ReadonlyArray<JobEvent>
  readonly actor: string
}
export type CommandInvariant = (seen: CommandSeen) => Complaint

/** All events of one sync. `planned`: after it counted and deleted, before it created Pods or published anything. */
export type SyncSeen = CommandSeen & {
  readonly planned: ObservedJob
  readonly end: JobEventOf<'JobSynced'>
  readonly at: number
}
export type SyncInvariant = (seen: SyncSeen) => Complaint

/** Holds for a Job about which nothing goes on any more. */
export type RestInvariant = (job: ObservedJob) => Complaint

export type Named<A> = Readonly<Record<string, A>>

export const eventsOf = <K extends JobEvent['type']>(
  events: ReadonlyArray<JobEvent>,
  type: K,
): ReadonlyArray<JobEventOf<K>> => events.filter((event): event is JobEventOf<K> & JobEvent => event.type === type)

/** As a complaint, when they differ. */
export const differs = (what: string, expected: unknown, actual: unknown): Complaint => {
  if (expected === actual) return null
  const [wanted, is] = [JSON.stringify(expected), JSON.stringify(actual)]
  return wanted === is ? null : `${what}: expected ${wanted}, the log has ${is}`
}
