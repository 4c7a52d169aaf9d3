import { type CronJobEvent, cronJobEvents, cronJobEventVersion } from '../../domain/cronjob/events.ts'
import { type FreePodEvent, freePodEvents, freePodEventVersion } from '../../domain/free-pod/events.ts'
import { type JobEvent, jobEvents, jobEventVersion } from '../../domain/job/events.ts'
import { type NamespaceEvent, namespaceEvents, namespaceEventVersion } from '../../domain/namespace/events.ts'
import {
  type StoredObjectEvent,
  storedObjectEvents,
  storedObjectEventVersion,
} from '../../domain/stored-object/events.ts'
import type { Origin, Recorded } from '../../projections/recorded.ts'
import { type Category, category } from './category.ts'
import type { StoredEvent } from '../ports/event-store.ts'

/** Everything that happens to Jobs and their Pods: `job-<uid>`. */
export const jobCategory: Category<JobEvent> = category('job', jobEvents, jobEventVersion)

/** Everything that happens to CronJobs: `cronjob-<uid>`. */
export const cronJobCategory: Category<CronJobEvent> = category('cronjob', cronJobEvents, cronJobEventVersion)

/** Everything that happens to namespaces: `namespace-<name>`. */
export const namespaceCategory: Category<NamespaceEvent> = category('namespace', namespaceEvents, namespaceEventVersion)

/** Everything that happens to Pods while no Job controls them: `pod-<uid>`. */
export const freePodCategory: Category<FreePodEvent> = category('pod', freePodEvents, freePodEventVersion)

/** Everything that happens to objects that are only kept: `object-<uid>`. */
export const storedObjectCategory: Category<StoredObjectEvent> = category(
  'object',
  storedObjectEvents,
  storedObjectEventVersion,
)

/** An event of a Job's stream as the domain knows it; an unknown one throws `UnreadableEvent`. */
export const readEvent = (stored: StoredEvent): Recorded => jobCategory.read(stored)

/** Who, why and which version: the metadata of a stored event. */
export type Metadata = Origin & { readonly schemaVersion: number; readonly previous: string; readonly hash: string }

export const readMetadata = (stored: StoredEvent): Metadata => {
  const { $correlationId, $causationId, ...rest } = JSON.parse(stored.metadata) as Omit<
    Metadata,
    'correlationId' | 'causationId'
  > & { readonly $correlationId: string; readonly $causationId: string }
  return { ...rest, correlationId: $correlationId, causationId: $causationId }
}
