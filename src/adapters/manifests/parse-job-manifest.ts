import { canonicalForm } from '../../domain/kubernetes/canonical-form.ts'
import type { FieldError } from '../../domain/kubernetes/field-error.ts'
import { generatedName } from '../../domain/kubernetes/generated-name.ts'
import { JobManifest } from '../../domain/kubernetes/job-object.ts'
import { prepareJob } from '../../domain/kubernetes/prepare-job.ts'
import type { Shape } from '../../domain/kubernetes/schema.ts'
import { validateJob } from '../../domain/kubernetes/validate-job.ts'
import { withDefaults } from '../../domain/kubernetes/with-defaults.ts'
import type { E } from '../../prelude.ts'
import type { ManifestProblem } from './manifest-problem.ts'
import { type ManifestKind, type ManifestOptions, type ManifestRead, parseManifest } from './parse-manifest.ts'
import { withoutServerFields } from './without-server-fields.ts'

export type { ManifestOptions } from './parse-manifest.ts'

/** A Job, defaulted and valid, from the text of a manifest. */
export const parseJobManifest = (
  file: string,
  text: string,
  options: ManifestOptions = {},
): E.Either<ReadonlyArray<ManifestProblem>, ManifestRead<JobManifest>> => parseManifest([jobKind], file, text, options)

export const jobKind: ManifestKind<JobManifest> = {
  kind: 'Job',
  withDefaults: (given) => {
    const { job, leftOut } = withoutServerFields(canonicalForm('Job')(given as Shape<'Job'>) as Shape<'Job'>)
    return { object: withDefaults(job), leftOut }
  },
  errorsOf: (object) => errorsOf(object as Shape<'Job'>),
  toManifest: (object) => (JobManifest.is(object) ? object : null),
}

/** Where only the base of a name is given and nothing is wrong with it, a name as long as the one to come is judged too. */
const errorsOf = (job: Shape<'Job'>): ReadonlyArray<FieldError> => {
  const errors = validateJob(prepareJob(job, uidOfLater))
  const { name, generateName } = job.metadata ?? {}
  if (name || !generateName || errors.length > 0) return errors
  const named = { ...job, metadata: { ...job.metadata, name: generatedName(generateName, 'xxxxx') } }
  return validateJob(prepareJob(named, uidOfLater))
}

/** The uid is given when the Job is submitted; any will do to check what is made of it. */
const uidOfLater = 'uid-of-this-job'
