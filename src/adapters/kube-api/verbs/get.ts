import type { ApiObject } from '../../../application/api/resource.ts'
import { type ApiAnswer, jsonAnswer, statusAnswer } from '../answer.ts'
import { isObject, type JsonObject } from '../body/decode-object.ts'
import type { Call, ObjectPlace } from '../call.ts'
import { scaleOf } from '../scale.ts'
import { objectNotFound } from '../status.ts'

export const getObject = ({ kind, resource }: Call, { namespace, name, part }: ObjectPlace): ApiAnswer => {
  const object = resource.get(namespace, name)
  if (object === null) return statusAnswer(objectNotFound(kind, name))
  return jsonAnswer(200, shown(object, part))
}

/** An object as one of its parts shows it: the status shows it whole. */
export const shown = (object: ApiObject, part: ObjectPlace['part']): ApiObject =>
  part === 'scale' && isObject(object) ? scaleOf(object as ApiObject & JsonObject) : object
