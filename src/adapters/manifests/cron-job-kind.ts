import { CronJobManifest } from '../../domain/kubernetes/cron-job-object.ts'
import { cronJobWithDefaults } from '../../domain/kubernetes/cron-job-with-defaults.ts'
import { generatedName } from '../../domain/kubernetes/generated-name.ts'
import type { Shape } from '../../domain/kubernetes/schema.ts'
import { validateCronJob } from '../../domain/kubernetes/validate-cron-job.ts'
import type { ManifestKind } from './parse-manifest.ts'
import { unmanaged } from './without-server-fields.ts'

/** A CronJob in a manifest. What only a server may set goes with the defaults, unsaid: no label of a CronJob is generated. */
export const cronJobKind: ManifestKind<CronJobManifest> = {
  kind: 'CronJob',
  withDefaults: (given) => ({ object: cronJobWithDefaults(unmanaged(given as Shape<'CronJob'>)), leftOut: [] }),
  errorsOf: (object) => {
    const cronJob = object as Shape<'CronJob'>
    const { name, generateName } = cronJob.metadata ?? {}
    return validateCronJob(
      name || !generateName
        ? cronJob
        : { ...cronJob, metadata: { ...cronJob.metadata, name: generatedName(generateName, 'xxxxx') } },
    )
  },
  toManifest: (object) => (CronJobManifest.is(object) ? object : null),
}
