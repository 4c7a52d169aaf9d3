import { notSupportedYet } from '../../domain/job/job-terms.ts'
import { refusalText } from '../../domain/job/refusals.ts'
import { canonicalForm } from '../../domain/kubernetes/canonical-form.ts'
import { checkShape, type ShapeProblem } from '../../domain/kubernetes/check-shape.ts'
import { type FieldError, renderCause } from '../../domain/kubernetes/field-error.ts'
import { generatedName } from '../../domain/kubernetes/generated-name.ts'
import { JobManifest } from '../../domain/kubernetes/job-object.ts'
import { prepareJob } from '../../domain/kubernetes/prepare-job.ts'
import { type Shape, schema } from '../../domain/kubernetes/schema.ts'
import { validateJob } from '../../domain/kubernetes/validate-job.ts'
import { withDefaults } from '../../domain/kubernetes/with-defaults.ts'
import { E, invariant, pipe } from '../../prelude.ts'
import { fieldPath } from './field-path.ts'
import type { ManifestProblem } from './manifest-problem.ts'
import { nearestName } from './nearest-name.ts'
import { withoutServerFields } from './without-server-fields.ts'
import { readYaml, type YamlDocument } from './read-yaml.ts'

export type ManifestOptions = {
  /** The namespace that was asked for: a Job that names another is refused. Without it the Job's own counts, else `default`. */
  readonly namespace?: string
}

/** The Job of a manifest; `leftOut` names the fields that only the server of a cluster may set, where it was read from one. */
export type ManifestRead = { readonly manifest: JobManifest; readonly leftOut: ReadonlyArray<string> }

/**
 * A Job, defaulted and valid, from the text of a manifest; `file` only names it in the problems. All problems are told, in the
 * order of their lines. A Job with `generateName` alone comes with the name `''`: who submits it gives the name.
 */
export const parseJobManifest = (
  file: string,
  text: string,
  options: ManifestOptions = {},
): E.Either<ReadonlyArray<ManifestProblem>, ManifestRead> =>
  pipe(
    readYaml(text),
    E.flatMap((document) => toJob(document, options)),
    E.mapLeft((problems) => atMost(problemsMax, [...problems].sort(byLine)).map((problem) => ({ file, ...problem }))),
  )

type Problem = Omit<ManifestProblem, 'file'>

/** More would only be scrolled away. */
const problemsMax = 100

const atMost = (max: number, problems: ReadonlyArray<Problem>): ReadonlyArray<Problem> =>
  problems.length <= max
    ? problems
    : [...problems.slice(0, max), { reason: `and ${problems.length - max} problems more` }]

const byLine = (a: Problem, b: Problem): number => (a.line ?? 0) - (b.line ?? 0)

const toJob = (document: YamlDocument, options: ManifestOptions): E.Either<ReadonlyArray<Problem>, ManifestRead> => {
  const strange = otherThanJob(document)
  if (strange !== undefined) return E.left([strange])
  const shape = checkShape(schema, 'Job')(document.value)
  const shapeProblems = shape.map((problem, index) => fromShape(document, problem, index < problemsMax))
  if (shape.some(({ _tag }) => _tag === 'WrongType')) return E.left(shapeProblems)
  const user = withoutServerFields(canonicalForm('Job')(document.value as Shape<'Job'>) as Shape<'Job'>)
  const job = inNamespace(options.namespace, withDefaults(user.job))
  const invalid = errorsOf(job).map((error) => fromFieldError(document, error))
  const problems = [...shapeProblems, ...otherNamespace(document, job, options), ...invalid]
  if (problems.length > 0) return E.left(problems)
  const manifest = toManifest(job)
  const field = notSupportedYet(manifest)
  return field === null ? E.right({ manifest, leftOut: user.leftOut }) : E.left([unsupported(document, field)])
}

/** Where only the base of a name is given and nothing is wrong with it, a name as long as the one to come is judged too. */
const errorsOf = (job: Shape<'Job'>): ReadonlyArray<FieldError> => {
  const errors = validateJob(prepareJob(job, uidOfLater))
  const { name, generateName } = job.metadata ?? {}
  if (name || !generateName || errors.length > 0) return errors
  const named = { ...job, metadata: { ...job.metadata, name: generatedName(generateName, 'xxxxx') } }
  return validateJob(prepareJob(named, uidOfLater))
}

/** Kubernetes would take it, we do not yet: told here too, where the line is known and nothing has been opened. */
const unsupported = ({ lineOf }: YamlDocument, field: string): Problem => ({
  line: lineOf(fieldPath(field)),
  reason: refusalText({ _tag: 'FieldNotSupportedYet', field }),
})

/** The uid is given when the Job is submitted; any will do to check what is made of it. */
const uidOfLater = 'uid-of-this-job'

const toManifest = (job: Shape<'Job'>): JobManifest => {
  const decoded = JobManifest.decode({ ...job, metadata: { name: '', ...job.metadata } })
  invariant(E.isRight(decoded), 'a valid Job can be decoded')
  return decoded.right
}

/** A file that holds something else is not looked into any further. */
const otherThanJob = ({ value, lineOf }: YamlDocument): Problem | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { line: lineOf([]), reason: `is not a Kubernetes object: ${supported}` }
  const { apiVersion, kind } = value as { readonly apiVersion?: unknown; readonly kind?: unknown }
  if (kind === undefined || kind === null)
    return { line: lineOf([]), field: 'kind', reason: `is missing: ${supported}` }
  if (kind !== 'Job')
    return { line: lineOf(['kind']), field: 'kind', reason: `${JSON.stringify(kind)} is not supported: ${supported}` }
  if (apiVersion === undefined || apiVersion === null)
    return { line: lineOf([]), field: 'apiVersion', reason: `is missing: ${supported}` }
  if (apiVersion !== 'batch/v1')
    return {
      line: lineOf(['apiVersion']),
      field: 'apiVersion',
      reason: `${JSON.stringify(apiVersion)} is not supported: ${supported}`,
    }
  return undefined
}

const supported = 'expected a Job (apiVersion: batch/v1, kind: Job)'

const inNamespace = (namespace: string | undefined, job: Shape<'Job'>): Shape<'Job'> => ({
  ...job,
  metadata: { ...job.metadata, namespace: job.metadata?.namespace || (namespace ?? 'default') },
})

const otherNamespace = (
  { lineOf }: YamlDocument,
  { metadata }: Shape<'Job'>,
  { namespace }: ManifestOptions,
): ReadonlyArray<Problem> =>
  namespace === undefined || metadata?.namespace === namespace
    ? []
    : [
        {
          line: lineOf(['metadata', 'namespace']),
          field: 'metadata.namespace',
          reason: `the namespace from the provided object ${JSON.stringify(metadata?.namespace)} does not match the namespace ${JSON.stringify(namespace)}; pass --namespace=${metadata?.namespace}`,
        },
      ]

const fromShape = ({ lineOf }: YamlDocument, problem: ShapeProblem, isHinted: boolean): Problem => ({
  line: lineOf(problem.path),
  field: problem.field,
  reason:
    problem._tag === 'UnknownField'
      ? `unknown field${isHinted ? hint(problem.path, problem.known) : ''}`
      : `must be ${problem.expected}, not ${problem.found}`,
})

const hint = (path: ShapeProblem['path'], known: ReadonlyArray<string>): string => {
  const meant = nearestName(String(path[path.length - 1]), known)
  return meant === undefined ? '' : `, did you mean "${meant}"?`
}

const fromFieldError = ({ lineOf }: YamlDocument, error: FieldError): Problem => ({
  line: lineOf(fieldPath(error.field)),
  field: error.field,
  reason: renderCause(error),
})
