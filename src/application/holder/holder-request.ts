import * as t from 'io-ts'
import { int, nullable } from '../../domain/codecs.ts'
import { Propagation } from '../../domain/cronjob/events.ts'
import { CronJobManifest } from '../../domain/kubernetes/cron-job-object.ts'
import { JobManifest } from '../../domain/kubernetes/job-object.ts'

/** What another terminal may ask of the process that holds the data folder. */
const named = { namespace: t.string, name: t.string, user: t.string, agent: t.string }

export const HolderRequest = t.union(
  [
    t.strict({ type: t.literal('run'), manifest: JobManifest, user: t.string, agent: t.string }, 'run'),
    t.strict(
      {
        type: t.literal('change'),
        ...named,
        change: t.partial({
          suspend: t.boolean,
          parallelism: int,
          backoffLimit: int,
          activeDeadlineSeconds: nullable(int),
          ttlSecondsAfterFinished: nullable(int),
        }),
      },
      'change',
    ),
    t.strict({ type: t.literal('delete'), ...named, propagation: Propagation }, 'delete'),
    t.strict(
      { type: t.literal('apply'), manifest: t.union([JobManifest, CronJobManifest]), user: t.string, agent: t.string },
      'apply',
    ),
    /** The name is that of the Job, whose template the CronJob has. */
    t.strict({ type: t.literal('create-job-from'), ...named, cronJob: t.string }, 'create-job-from'),
    t.strict({ type: t.literal('suspend-cron-job'), ...named, suspend: t.boolean }, 'suspend-cron-job'),
    t.strict({ type: t.literal('delete-cron-job'), ...named, propagation: Propagation }, 'delete-cron-job'),
  ],
  'HolderRequest',
)
export type HolderRequest = t.TypeOf<typeof HolderRequest>

/**
 * Why there is no answer. `Nobody` listens, or whoever did has ended: asking again does no harm. `Silent`: the request was taken and may
 * still be done.
 */
export type HolderSilence = { readonly _tag: 'Nobody' | 'Silent'; readonly reason: string }

/** Done, or a sentence that says why not. */
export const HolderAnswer = t.union(
  [
    t.strict({ type: t.literal('done'), uid: t.string, changed: t.boolean }, 'done'),
    t.strict(
      {
        type: t.literal('applied'),
        uid: t.string,
        did: t.keyof({ created: null, configured: null, unchanged: null }),
      },
      'applied',
    ),
    t.strict({ type: t.literal('refused'), reason: t.string }, 'refused'),
  ],
  'HolderAnswer',
)
export type HolderAnswer = t.TypeOf<typeof HolderAnswer>
