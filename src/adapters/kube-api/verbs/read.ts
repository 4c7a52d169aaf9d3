import type { ApiObject } from '../../../application/api/resource.ts'
import { E } from '../../../prelude.ts'
import { type ApiAnswer, jsonAnswer, statusAnswer } from '../answer.ts'
import { groupVersion } from '../api-kind.ts'
import { isObject, type JsonObject } from '../body/decode-object.ts'
import type { Call, ObjectPlace } from '../call.ts'
import { scaleOf } from '../scale.ts'
import { fieldSelector } from '../selectors/field-selector.ts'
import { labelSelector } from '../selectors/label-selector.ts'
import { badRequest, objectNotFound } from '../status.ts'

export const getObject = ({ kind, resource }: Call, { namespace, name, part }: ObjectPlace): ApiAnswer => {
  const object = resource.get(namespace, name)
  if (object === null) return statusAnswer(objectNotFound(kind, name))
  return jsonAnswer(200, shown(object, part))
}

/** An object as one of its parts shows it: the status shows it whole. */
export const shown = (object: ApiObject, part: ObjectPlace['part']): ApiObject =>
  part === 'scale' && isObject(object) ? scaleOf(object as ApiObject & JsonObject) : object

export const listObjects = (call: Call, namespace: string | null): ApiAnswer => {
  const selected = selectedObjects(call, namespace)
  return E.isLeft(selected) ? selected.left : jsonAnswer(200, listOf(call, selected.right))
}

/** The objects of a collection that both selectors of the query select. */
export const selectedObjects = (
  { kind, resource, request }: Call,
  namespace: string | null,
): E.Either<ApiAnswer, ReadonlyArray<ApiObject>> => {
  const { query } = request
  if (isTrue(query.get('watch'))) return E.left(statusAnswer(badRequest('watches are not served')))
  const byLabels = labelSelector(query.get('labelSelector') ?? '')
  if (E.isLeft(byLabels)) return E.left(statusAnswer(badRequest(byLabels.left)))
  const byFields = fieldSelector(kind)(query.get('fieldSelector') ?? '')
  if (E.isLeft(byFields)) return E.left(statusAnswer(badRequest(byFields.left)))
  return E.right(
    resource.list(namespace).filter((object) => byLabels.right(object.metadata.labels ?? {}) && byFields.right(object)),
  )
}

const isTrue = (text: string | null): boolean => text === '1' || text === 'true'

/** The items of a list do not repeat what the list says of their kind. */
export const listOf = ({ kind, position }: Call, objects: ReadonlyArray<ApiObject>): JsonObject => ({
  kind: `${kind.kind}List`,
  apiVersion: groupVersion(kind),
  metadata: { resourceVersion: `${position()}` },
  items: objects.map(({ kind: _kind, apiVersion: _apiVersion, ...item }) => item),
})
