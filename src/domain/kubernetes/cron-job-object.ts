import * as t from 'io-ts'
import { int } from '../codecs.ts'
import { ObjectMeta } from './job-object.ts'
import { PodTemplate } from './pod-spec.ts'

const StringMap = t.record(t.string, t.string, 'StringMap')

/**
 * The Job that a CronJob starts again and again. Of its spec only the Pod template has its defaults [1.11]: the Job itself gets the
 * others when it is created.
 */
export const JobTemplate = t.type(
  {
    metadata: t.partial({ labels: StringMap, annotations: StringMap }),
    spec: t.intersection([t.type({ template: PodTemplate }), t.UnknownRecord]),
  },
  'JobTemplate',
)
export type JobTemplate = t.TypeOf<typeof JobTemplate>

export const ConcurrencyPolicy = t.keyof({ Allow: null, Forbid: null, Replace: null }, 'ConcurrencyPolicy')
export type ConcurrencyPolicy = t.TypeOf<typeof ConcurrencyPolicy>

/** A CronJob's spec as Kubernetes stores it: defaults applied, so the fields required here are never absent. */
export const CronJobSpec = t.intersection(
  [
    t.type({
      schedule: t.string,
      concurrencyPolicy: ConcurrencyPolicy,
      suspend: t.boolean,
      jobTemplate: JobTemplate,
      successfulJobsHistoryLimit: int,
      failedJobsHistoryLimit: int,
    }),
    t.partial({ timeZone: t.string, startingDeadlineSeconds: int }),
  ],
  'CronJobSpec',
)
export type CronJobSpec = t.TypeOf<typeof CronJobSpec>

/** What a user asks for: a CronJob as read from a manifest, defaulted and valid. */
export const CronJobManifest = t.type(
  { apiVersion: t.literal('batch/v1'), kind: t.literal('CronJob'), metadata: ObjectMeta, spec: CronJobSpec },
  'CronJobManifest',
)
export type CronJobManifest = t.TypeOf<typeof CronJobManifest>

/** A Job in `status.active`, as it was when it was created. */
export type ActiveJobReference = {
  readonly kind: 'Job'
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly apiVersion: 'batch/v1'
  readonly resourceVersion: string
}

export type CronJobStatus = {
  readonly active?: ReadonlyArray<ActiveJobReference>
  readonly lastScheduleTime?: string
  readonly lastSuccessfulTime?: string
}

/** A CronJob as `kubectl get -o yaml` shows it. */
export type CronJobObject = CronJobManifest & { readonly status: CronJobStatus }
