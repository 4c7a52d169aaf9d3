import { checkShape, type ShapeProblem } from '../../domain/kubernetes/check-shape.ts'
import { type FieldError, renderCause } from '../../domain/kubernetes/field-error.ts'
import { type Shape, schema } from '../../domain/kubernetes/schema.ts'
import { E, invariant, pipe } from '../../prelude.ts'
import { fieldPath } from './field-path.ts'
import type { ManifestProblem } from './manifest-problem.ts'
import { nearestName } from './nearest-name.ts'
import { readYaml, type YamlDocument } from './read-yaml.ts'

export type ManifestOptions = {
  /** The namespace that was asked for: a Job that names another is refused. Without it the Job's own counts, else `default`. */
  readonly namespace?: string
}

/** The object of a manifest; `leftOut` names the fields that only the server of a cluster may set, where it was read from one. */
export type ManifestRead<Manifest> = { readonly manifest: Manifest; readonly leftOut: ReadonlyArray<string> }

/** One kind of object that a manifest may hold, all of them `batch/v1`. */
export type ManifestKind<Manifest> = {
  readonly kind: 'Job' | 'CronJob'
  /** The object of a document whose shape was checked, as its user would have written it, with defaults. */
  readonly withDefaults: (given: unknown) => { readonly object: BatchObject; readonly leftOut: ReadonlyArray<string> }
  /** Everything that makes it invalid, once it has a namespace. */
  readonly errorsOf: (object: BatchObject) => ReadonlyArray<FieldError>
  /** The manifest of a valid object with at least an empty name. Null: it is none, which is a bug. */
  readonly toManifest: (object: BatchObject) => Manifest | null
}

/** What is common to Jobs and CronJobs before they are known to be whole. */
export type BatchObject = { readonly metadata?: Shape<'ObjectMeta'>; readonly spec?: unknown }

/**
 * An object of one of these kinds, defaulted and valid, from the text of a manifest; `file` only names it in the problems. All problems are
 * told, in the order of their lines. One with `generateName` alone comes with the name `''`: who submits it gives the name.
 */
export const parseManifest = <Manifest>(
  kinds: ReadonlyArray<ManifestKind<Manifest>>,
  file: string,
  text: string,
  options: ManifestOptions = {},
): E.Either<ReadonlyArray<ManifestProblem>, ManifestRead<Manifest>> =>
  pipe(
    readYaml(text),
    E.flatMap((document) => toManifest(kinds, document, options)),
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

const toManifest = <Manifest>(
  kinds: ReadonlyArray<ManifestKind<Manifest>>,
  document: YamlDocument,
  options: ManifestOptions,
): E.Either<ReadonlyArray<Problem>, ManifestRead<Manifest>> => {
  const found = kindOf(kinds, document)
  if (E.isLeft(found)) return E.left([found.left])
  const kind = found.right
  const shape = checkShape(schema, kind.kind)(document.value)
  const shapeProblems = shape.map((problem, index) => fromShape(document, problem, index < problemsMax))
  if (shape.some(({ _tag }) => _tag === 'WrongType')) return E.left(shapeProblems)
  const user = kind.withDefaults(document.value)
  const object = inNamespace(options.namespace, user.object)
  const invalid = kind.errorsOf(object).map((error) => fromFieldError(document, error))
  const problems = [...shapeProblems, ...otherNamespace(document, object, options), ...invalid]
  if (problems.length > 0) return E.left(problems)
  const manifest = kind.toManifest({ ...object, metadata: { name: '', ...object.metadata } })
  invariant(manifest !== null, `a valid ${kind.kind} can be decoded`)
  return E.right({ manifest, leftOut: user.leftOut })
}

/** A file that holds something else is not looked into any further. */
const kindOf = <Manifest>(
  kinds: ReadonlyArray<ManifestKind<Manifest>>,
  { value, lineOf }: YamlDocument,
): E.Either<Problem, ManifestKind<Manifest>> => {
  const supported = `expected ${kinds.map(({ kind }) => `a ${kind} (apiVersion: batch/v1, kind: ${kind})`).join(' or ')}`
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return E.left({ line: lineOf([]), reason: `is not a Kubernetes object: ${supported}` })
  const given = value as { readonly apiVersion?: unknown; readonly kind?: unknown }
  if (given.kind === undefined || given.kind === null)
    return E.left({ line: lineOf([]), field: 'kind', reason: `is missing: ${supported}` })
  const found = kinds.find(({ kind }) => kind === given.kind)
  if (found === undefined) return E.left(notSupported('kind', given.kind, lineOf(['kind']), supported))
  if (given.apiVersion === undefined || given.apiVersion === null)
    return E.left({ line: lineOf([]), field: 'apiVersion', reason: `is missing: ${supported}` })
  return given.apiVersion === 'batch/v1'
    ? E.right(found)
    : E.left(notSupported('apiVersion', given.apiVersion, lineOf(['apiVersion']), supported))
}

const notSupported = (field: string, value: unknown, line: number | undefined, supported: string): Problem => ({
  ...(line === undefined ? {} : { line }),
  field,
  reason: `${JSON.stringify(value)} is not supported: ${supported}`,
})

const inNamespace = (namespace: string | undefined, object: BatchObject): BatchObject => ({
  ...object,
  metadata: { ...object.metadata, namespace: object.metadata?.namespace || (namespace ?? 'default') },
})

const otherNamespace = (
  { lineOf }: YamlDocument,
  { metadata }: BatchObject,
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
