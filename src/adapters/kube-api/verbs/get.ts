import type { ApiObject } from '../../../application/api/resource.ts'
import { type ApiAnswer, jsonAnswer, statusAnswer } from '../answer.ts'
import { isObject, type JsonObject } from '../body/decode-object.ts'
import type { Call, ObjectPlace } from '../call.ts'
import { scaleOf } from '../scale.ts'
import { objectNotFound } from '../status.ts'
import { metadataOnly, tableOf } from '../tables/present.ts'

export const getObject = (call: Call, { namespace, name, part }: ObjectPlace): ApiAnswer => {
  const object = call.resource.get(namespace, name)
  if (object === null) return statusAnswer(objectNotFound(call.kind, name))
  return objectAnswer(call, 200, object, [], part)
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
