import type { ApiObject, Resource } from '../../../application/api/resource.ts'
import { E } from '../../../prelude.ts'
import { type ApiAnswer, jsonAnswer, statusAnswer } from '../answer.ts'
import { isObject, type JsonObject } from '../body/decode-object.ts'
import type { Call, ObjectPlace } from '../call.ts'
import { scaleOf } from '../scale.ts'
import { objectNotFound, type Status, versionTooLarge } from '../status.ts'
import { listOptions } from '../options/list-options.ts'
import { metadataOnly, tableOf } from '../tables/present.ts'

/** GET of one object: as it is, or (beyond what Kubernetes knows) as it was at a version, which is asked for as with lists: `resourceVersionMatch=Exact`. */
export const getObject = async (call: Call, { namespace, name, part }: ObjectPlace): Promise<ApiAnswer> => {
  const version = exactVersion(call.request.query)
  if (E.isLeft(version)) return statusAnswer(version.left)
  const found = await objectAt(call, namespace, name, version.right)
  if (E.isLeft(found)) return statusAnswer(found.left)
  const object = found.right
  if (object === null) return statusAnswer(objectNotFound(call.kind, name))
  return objectAnswer(call, 200, object, [], part)
}

/** Null: the present one. */
const exactVersion = (query: URLSearchParams): E.Either<Status, bigint | null> => {
  if (query.get('resourceVersionMatch') !== 'Exact') return E.right(null)
  const options = listOptions(query)
  return E.isLeft(options) ? options : E.right(options.right.version)
}

const objectAt = async (
  call: Call,
  namespace: string,
  name: string,
  version: bigint | null,
): Promise<E.Either<Status, ApiObject | null>> => {
  const current = call.position()
  if (version === null || version === current) return E.right(call.resource.get(namespace, name))
  if (version > current) return E.left(versionTooLarge(version, current))
  return E.map((past: Resource) => past.get(namespace, name))(await call.past(version))
}

/** One object in the form that is wanted; a scale is always itself. */
export const objectAnswer = (
  { name, shape, now }: Call,
  status: number,
  object: ApiObject,
  warnings: ReadonlyArray<string> = [],
  part: ObjectPlace['part'] = 'main',
): ApiAnswer => {
  if (part === 'scale' || shape.form === 'Object') return jsonAnswer(status, shown(object, part), warnings)
  if (shape.form !== 'Table') return jsonAnswer(status, metadataOnly(object), warnings)
  const { resourceVersion } = object.metadata
  const metadata = resourceVersion === undefined ? {} : { resourceVersion }
  return jsonAnswer(status, tableOf(name, [object], metadata, { beside: shape.beside, now: now() }), warnings)
}

/** An object as one of its parts shows it: the status shows it whole. */
export const shown = (object: ApiObject, part: ObjectPlace['part']): ApiObject =>
  part === 'scale' && isObject(object) ? scaleOf(object as ApiObject & JsonObject) : object
