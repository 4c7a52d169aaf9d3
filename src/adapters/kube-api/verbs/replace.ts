import type { ApiFailure, ApiObject, Resource } from '../../../application/api/resource.ts'
import { invalid } from '../../../domain/kubernetes/field-error.ts'
import { E } from '../../../prelude.ts'
import { type ApiAnswer, statusAnswer } from '../answer.ts'
import { groupVersion } from '../api-kind.ts'
import { bodyObject, metadataOf } from '../body/body-object.ts'
import type { JsonObject } from '../body/decode-object.ts'
import { askedBy, type Call, type ObjectPlace } from '../call.ts'
import { changedByWriter, jsonOf } from '../managers.ts'
import { type WriteOptions, writeOptions } from '../options/write-options.ts'
import { replicasOf, scaledTo, scaleKind } from '../scale.ts'
import { badRequest, statusOfFailure } from '../status.ts'
import { misnamed, outdated, replaced } from './agreement.ts'
import { createObject } from './create.ts'
import { objectAnswer } from './get.ts'

/** PUT of an object or one of its parts. */
export const replaceObject = async (
  call: Call,
  change: NonNullable<Resource['change']>,
  place: ObjectPlace,
): Promise<ApiAnswer> => {
  const options = writeOptions('UpdateOptions', call.request.query)
  if (E.isLeft(options)) return statusAnswer(options.left)
  const expected = partKind(call, place)
  const body = bodyObject(call, expected, options.right)
  if (E.isLeft(body)) return body.left
  const warnings = [...body.right.warnings]
  const wanted = { ...body.right.value, apiVersion: groupVersion(expected), kind: expected.kind }
  const metadata = metadataOf(wanted)
  const strange = misnamed(metadata, place)
  if (strange !== null) return statusAnswer(badRequest(strange), warnings)
  const changed = await change(
    changedPlace(place),
    (present) => {
      const refusal = replaced(call, metadata, present, place) ?? outdated(metadata, present)
      return refusal === null ? wantedBy(call, options.right, present, at(place, wanted), place) : E.left(refusal)
    },
    askedBy(call, warnings, options.right.dryRun),
  )()
  const { create } = call.resource
  const isMissing = E.isLeft(changed) && changed.left._tag === 'NotFound' && !metadata['resourceVersion']
  return isMissing && call.kind.createsOnUpdate === true && create !== undefined
    ? createObject(call, create, place.namespace)
    : changedAnswer(call, place, changed, warnings)
}

/** An object need not repeat the namespace in which it is. */
export const at = ({ namespace }: ObjectPlace, object: JsonObject): JsonObject =>
  namespace === '' ? object : { ...object, metadata: { ...metadataOf(object), namespace } }

/** Where the resource is asked to change something: to scale an object is to change one of its fields. */
export const changedPlace = ({ namespace, name, part }: ObjectPlace) => ({
  namespace,
  name,
  part: part === 'status' ? part : ('main' as const),
})

/** The kind of what is written at a place. */
export const partKind = ({ kind }: Call, { part }: ObjectPlace) => (part === 'scale' ? scaleKind : kind)

/** The wanted object with those who manage its fields, also where only its scale was sent. */
export const wantedBy = (
  call: Call,
  options: WriteOptions,
  present: ApiObject,
  sent: JsonObject,
  place: ObjectPlace,
): E.Either<ApiFailure, JsonObject> => {
  const wanted = wantedPart(present, sent, place)
  return E.isLeft(wanted) ? wanted : E.right(changedByWriter(call, options, place.part, present, wanted.right))
}

const wantedPart = (
  present: ApiObject,
  wanted: JsonObject,
  { part }: ObjectPlace,
): E.Either<ApiFailure, JsonObject> => {
  if (part !== 'scale') return E.right(wanted)
  const replicas = replicasOf(wanted)
  return replicas < 0
    ? E.left({
        _tag: 'Invalid',
        errors: [invalid('spec.replicas', replicas, 'must be greater than or equal to 0')],
      })
    : E.right(scaledTo(jsonOf(present), wanted))
}

export const changedAnswer = (
  call: Call,
  place: ObjectPlace,
  changed: E.Either<ApiFailure, ApiObject>,
  warnings: ReadonlyArray<string>,
): ApiAnswer => {
  if (E.isRight(changed)) return objectAnswer(call, 200, changed.right, warnings, place.part)
  const { left } = changed
  const kind = left._tag === 'Invalid' ? { ...call.kind, ...partKind(call, place) } : call.kind
  return statusAnswer(statusOfFailure(kind, place.name, left, 'change'), warnings)
}
