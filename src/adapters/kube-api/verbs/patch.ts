import type { ApiFailure, ApiObject, Resource } from '../../../application/api/resource.ts'
import type { Segment } from '../../../domain/kubernetes/check-shape.ts'
import { applyMergePatch } from '../../../domain/merge-patch.ts'
import { E } from '../../../prelude.ts'
import { type ApiAnswer, statusAnswer } from '../answer.ts'
import { metadataOf, strictDecodingError } from '../body/body-object.ts'
import {
  duplicatesOf,
  type ExpectedKind,
  isObject,
  type JsonObject,
  otherKind,
  shapeProblems,
} from '../body/decode-object.ts'
import { readJson } from '../body/read-json.ts'
import { askedBy, bodyText, type Call, mediaType, type ObjectPlace } from '../call.ts'
import { type WriteOptions, writeOptions } from '../options/write-options.ts'
import { jsonPatch, type Operation } from '../patches/json-patch.ts'
import { strategicMergePatch } from '../patches/strategic-merge-patch.ts'
import { unsupportedPatch } from '../status.ts'
import { patchRefusal } from './agreement.ts'
import { applyObject } from './apply.ts'
import { shown } from './get.ts'
import { at, changedAnswer, changedPlace, partKind, wantedBy } from './replace.ts'

/** PATCH of an object or one of its parts: applied to the object as it stands, again when somebody else was faster. */
export const patchObject = async (
  call: Call,
  change: NonNullable<Resource['change']>,
  place: ObjectPlace,
): Promise<ApiAnswer> => {
  if (mediaType(call) === applyType && place.part !== 'scale') return applyObject(call, change, place)
  const format = formats.get(mediaType(call))
  if (format === undefined) return statusAnswer(unsupportedPatch)
  const options = writeOptions('PatchOptions', call.request.query)
  if (E.isLeft(options)) return statusAnswer(options.left)
  const text = bodyText(call)
  const patch = format(text)
  let findings: ReadonlyArray<string> = []
  const warnings: string[] = []
  const changed = await change(
    changedPlace(place),
    (present) => {
      if (E.isLeft(patch)) return patch
      const patched = patchedObject(patch.right, shown(present, place.part), partKind(call, place), options.right)
      if (E.isLeft(patched)) return patched
      findings = patched.right.findings
      const refusal = patchRefusal(metadataOf(patched.right.value), present, place)
      return refusal === null
        ? wantedBy(call, options.right, present, at(place, patched.right.value), place)
        : E.left(refusal)
    },
    askedBy(call, warnings, options.right.dryRun),
  )()
  return changedAnswer(call, place, changed, [...findings, ...warnings])
}

const applyType = 'application/apply-patch+yaml'

/** A patch that was read: what it makes of an object, and the members that it gives twice. */
type Patch = {
  readonly apply: (object: unknown, kind: string) => E.Either<ApiFailure, unknown>
  readonly duplicates: ReadonlyArray<string>
}

const badPatch = (why: string): E.Either<ApiFailure, never> =>
  E.left({ _tag: 'BadRequest', message: `error decoding patch: ${why}` })

const readPatch =
  (make: (value: unknown, duplicates: ReadonlyArray<string>) => E.Either<ApiFailure, Patch>) =>
  (text: string): E.Either<ApiFailure, Patch> => {
    const read = readJson(text)
    if (E.isLeft(read)) return badPatch(read.left)
    return make(read.right.value, read.right.hasDuplicates ? duplicatesOf(text) : [])
  }

const readObjectPatch = (
  merge: (object: JsonObject, patch: JsonObject, kind: string) => E.Either<ApiFailure, unknown>,
) =>
  readPatch((value, duplicates) =>
    isObject(value)
      ? E.right({ apply: (object, kind) => merge(isObject(object) ? object : {}, value, kind), duplicates })
      : badPatch(`json: cannot unmarshal ${wordFor(value)} into Go value of type map[string]interface {}`),
  )

const readOperations = readPatch((value, duplicates) => {
  if (!Array.isArray(value) || !value.every(isObject))
    return badPatch(`json: cannot unmarshal ${wordFor(value)} into Go value of type []handlers.jsonPatchOp`)
  const operations: ReadonlyArray<Operation> = value
  if (operations.length > operationsMax)
    return E.left({
      _tag: 'TooLarge',
      message: `The allowed maximum operations in a JSON patch is ${operationsMax}, got ${operations.length}`,
    })
  return E.right({
    apply: (object) => E.mapLeft((): ApiFailure => ({ _tag: 'PatchFailed' }))(jsonPatch(object, operations)),
    duplicates: duplicates.map((text) => `json patch ${text}`),
  })
})

const operationsMax = 10_000

const formats: ReadonlyMap<string, (text: string) => E.Either<ApiFailure, Patch>> = new Map([
  ['application/merge-patch+json', readObjectPatch((object, patch) => E.right(applyMergePatch(object, patch)))],
  [
    'application/strategic-merge-patch+json',
    readObjectPatch((object, patch, kind) =>
      E.mapLeft((message: string): ApiFailure => ({ _tag: 'PatchMalformed', message }))(
        strategicMergePatch(kind, object, patch),
      ),
    ),
  ],
  ['application/json-patch+json', readOperations],
])

const wordFor = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value

const patchedObject = (
  patch: Patch,
  present: ApiObject,
  expected: ExpectedKind,
  { fieldValidation }: WriteOptions,
): E.Either<ApiFailure, { readonly value: JsonObject; readonly findings: ReadonlyArray<string> }> => {
  const patched = patch.apply(present, expected.kind)
  if (E.isLeft(patched)) return patched
  const value = patched.right ?? {}
  const undecodable = (reason: string): E.Either<ApiFailure, never> =>
    E.left({ _tag: 'PatchUndecodable', patched: JSON.stringify(value), reason })
  if (!isObject(value))
    return undecodable(`json: cannot unmarshal ${wordFor(value)} into Go value of type ${expected.kind}`)
  const stranger = otherKind(expected, value)
  if (stranger !== null) return E.left({ _tag: 'BadRequest', message: stranger })
  const problems = shapeProblems(expected, value)
  const wrong = problems.find(({ _tag }) => _tag === 'WrongType')
  if (wrong !== undefined) return undecodable(wrong.reason)
  if (fieldValidation === 'Ignore') return E.right({ value, findings: [] })
  const unknown = problems.toSorted((a, b) => byKeys(a.path, b.path)).map(({ reason }) => reason)
  const findings = [...patch.duplicates, ...unknown]
  if (fieldValidation === 'Strict' && findings.length > 0) return undecodable(strictDecodingError(findings))
  return E.right({ value, findings })
}

/** In the order in which Go writes a map: by its keys. */
const byKeys = (a: ReadonlyArray<Segment>, b: ReadonlyArray<Segment>): number => {
  const place = a.findIndex((segment, index) => segment !== b[index])
  const [one, other] = [a[place], b[place]]
  if (one === undefined || other === undefined) return a.length - b.length
  return typeof one === 'number' && typeof other === 'number' ? one - other : one < other ? -1 : 1
}
