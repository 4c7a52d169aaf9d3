import type { CronJobManifest } from '../../../src/domain/kubernetes/cron-job-object.ts'
import { manifest } from '../../support/manifests.ts'
import type { Random } from './random.ts'

/** Schedules whose times are simple multiples, so that an invariant can tell them by itself: minutes between two times, in UTC. */
export const periods: Readonly<Record<string, number>> = {
  '* * * * *': 1,
  '*/5 * * * *': 5,
  '*/15 * * * *': 15,
  '0 * * * *': 60,
}
export const schedules: ReadonlyArray<string> = Object.keys(periods)

/** A CronJob as a user may ask for it, with its defaults; a dense one has a Job each minute, beside those of before. */
export const drawCronJob = (random: Random, name: string, isDense: boolean): CronJobManifest => {
  const { below, chance, pick } = random
  const { spec } = manifest({ parallelism: 1 + below(2), backoffLimit: pick([0, 2]), completions: 1 + below(2) }, name)
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace: 'default' },
    spec: {
      schedule: isDense ? '* * * * *' : pick(schedules),
      concurrencyPolicy: isDense ? 'Allow' : pick(['Allow', 'Forbid', 'Replace']),
      suspend: chance(0.1),
      jobTemplate: {
        metadata: {},
        spec: { ...spec, ...(chance(0.3) && { ttlSecondsAfterFinished: pick([0, 60]) }) },
      },
      successfulJobsHistoryLimit: below(3),
      failedJobsHistoryLimit: below(2),
      ...(chance(0.3) && { startingDeadlineSeconds: pick([10, 90, 4000]) }),
    },
  }
}
