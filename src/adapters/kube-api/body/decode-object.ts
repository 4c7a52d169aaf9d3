import { checkShape, type ShapeProblem } from '../../../domain/kubernetes/check-shape.ts'
import { goQuote } from '../../../domain/kubernetes/go-quote.ts'
import { messageOf } from '../../../domain/kubernetes/messages.ts'
import { definitionName, schema } from '../../../domain/kubernetes/schema.ts'
import { E } from '../../../prelude.ts'
import { groupVersion } from '../api-kind.ts'
import { readJson, readJsonWithSpec } from './read-json.ts'
import { type RecentTexts, recentTexts } from './recent-texts.ts'

/** The object of a body, and what a strict reader would not have taken: unknown fields, and those given twice. */
export type DecodedObject = { readonly value: JsonObject; readonly findings: ReadonlyArray<string> }

export type JsonObject = Readonly<Record<string, unknown>>

export type ExpectedKind = { readonly group: string; readonly version: string; readonly kind: string }

/**
 * The object that the body of a request holds: of the kind that its address tells, which it need not name. Left: the message of the
 * BadRequest, in the words of Kubernetes' decoder.
 */
export const decodeObject = (expected: ExpectedKind, text: string): E.Either<string, DecodedObject> => {
  const specs = specsOf(expected)
  const read = readJsonWithSpec(text, specs)
  if (E.isLeft(read)) return E.left(unreadable(expected, read.left, text))
  const value = read.right.value ?? {}
  if (!isObject(value))
    return E.left(unreadable(expected, `json: cannot unmarshal ${nameOf(value)} into Go value of type ${goKind}`, text))
  for (const field of ['apiVersion', 'kind'])
    if (typeof (value[field] ?? '') !== 'string')
      return E.left(
        unreadable(
          expected,
          `json: cannot unmarshal ${nameOf(value[field])} into Go struct field .${field} of type string`,
          text,
        ),
      )
  const stranger = otherKind(expected, value)
  if (stranger !== null) return E.left(stranger)
  const { spec, hasDuplicates } = read.right
  const problems = shapeProblems(expected, spec?.isKnown === true ? { ...value, spec: null } : value)
  const wrong = problems.find(({ _tag }) => _tag === 'WrongType')
  if (wrong !== undefined)
    return E.left(`${cannotBeHandled(expected.kind, expected.version, expected.kind)}: ${wrong.reason}`)
  if (spec?.isKnown === false && problems.length === 0 && !hasDuplicates && text.length <= keptMax) specs.keep(spec)
  return E.right({ value, findings: findingsInOrder(text, problems, hasDuplicates) })
}

/** A spec holds the text of the whole body: together they are a few megabytes at most. */
const keptMax = 1 << 16

/** Specs in which there was nothing to find, by kind. */
const knownSpecs = new Map<string, RecentTexts>()

const specsOf = (kind: ExpectedKind): RecentTexts => {
  const name = definitionName(kind)
  const specs = knownSpecs.get(name) ?? recentTexts()
  knownSpecs.set(name, specs)
  return specs
}

/** Everything in the object that its definition does not know or takes otherwise, none for a kind without a definition. */
export const shapeProblems = (
  kind: Pick<ExpectedKind, 'group' | 'kind'>,
  value: unknown,
): ReadonlyArray<ShapeProblem> => {
  const name = definitionName(kind)
  return Object.hasOwn(schema, name) ? checkShape(schema, name)(value) : []
}

/** Fields given twice in a text of JSON that can be read, in its order. */
export const duplicatesOf = (text: string): ReadonlyArray<string> => findingsInOrder(text, [], true)

/** `Job in version "v1" cannot be handled as a Job`. */
export const cannotBeHandled = (found: string, version: string, wanted: string): string =>
  `${found} in version ${goQuote(version)} cannot be handled as a ${wanted}`

/** As many as Kubernetes tells at most. */
const findingsMax = 100

/** Unknown fields and duplicates as they come in the document, which is gone through once more only when there are both. */
const findingsInOrder = (
  text: string,
  problems: ReadonlyArray<ShapeProblem>,
  hasDuplicates: boolean,
): ReadonlyArray<string> => {
  const unknown = problems.flatMap(({ _tag, field, reason }) =>
    _tag === 'UnknownField' ? [[field, reason] as const] : [],
  )
  if (!hasDuplicates) return unknown.slice(0, findingsMax).map(([, reason]) => reason)
  const reasons = new Map(unknown)
  const findings: string[] = []
  readJson(text, (path, isDuplicate) => {
    const reason = reasons.get(path)
    if (reason !== undefined) findings.push(reason)
    else if (isDuplicate) findings.push(`duplicate field "${path}"`)
  })
  return [...new Set(findings)].slice(0, findingsMax)
}

/** Not even version and kind can be read from the body. */
export const unrecognized = ({ kind }: ExpectedKind, problem: string, body: Uint8Array): string =>
  `the object provided is unrecognized (must be of type ${kind}): ${problem} (${summaryOf(body)})`

const unreadable = (expected: ExpectedKind, problem: string, text: string): string =>
  unrecognized(expected, `couldn't get version/kind; json parse error: ${problem}`, new TextEncoder().encode(text))

/** How Go's printer shows the type with which it looks for version and kind. */
const goKind = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

const nameOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value

const summaryMax = 30
const openingBrace = 0x7b

/** The beginning of a body that could not be understood: as it is when it looks like an object, else in hexadecimal digits. */
const summaryOf = (bytes: Uint8Array): string => {
  if (bytes.length === 0) return '<empty>'
  const begin = bytes.slice(0, summaryMax)
  const shown =
    bytes[0] === openingBrace
      ? new TextDecoder().decode(begin)
      : [...begin].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return bytes.length > summaryMax ? `${shown} ...` : shown
}

/** The message when the object names another kind or version than its address; null when it does not, or names none. */
export const otherKind = (expected: ExpectedKind, value: JsonObject): string | null => {
  const apiVersion = textOf(value['apiVersion']) || groupVersion(expected)
  const kind = textOf(value['kind']) || expected.kind
  if (kind === expected.kind && apiVersion === groupVersion(expected)) return null
  const version = apiVersion.split('/').at(-1) ?? ''
  const known = knownKinds.has(`${apiVersion}/${kind}`)
  const why = known
    ? `converting (${version}.${kind}) to (${expected.group === '' ? 'core' : expected.group}.${expected.kind}): unknown conversion`
    : `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`
  return `${cannotBeHandled(kind, version, expected.kind)}: ${why}`
}

/** Groups that are older than the rule that their names end in `.k8s.io`. */
const groupPrefixes: Readonly<Record<string, string>> = {
  core: '',
  batch: 'batch/',
  autoscaling: 'autoscaling/',
  policy: 'policy/',
}

/** Kinds of Kubernetes that are not unknown to a decoder, though they are not what was asked for: `batch/v1/Job`. */
const knownKinds = new Set([
  ...['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'].map((kind) => `apps/v1/${kind}`),
  'v1/ReplicationController',
  'batch/v1beta1/CronJob',
  ...Object.entries(schema).flatMap(([name, { fields }]) => {
    if (!('apiVersion' in fields && 'metadata' in fields)) return []
    const [, group] = /^io\.k8s\.api\.(\w+)\./.exec(messageOf(name)?.home ?? '') ?? []
    if (group === undefined) return []
    return [`${groupPrefixes[group] ?? `${group}.k8s.io/`}v1/${name.replace(/^Events(?=Event)/, '')}`]
  }),
])

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
