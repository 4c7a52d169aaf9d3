import type { ApiFailure, ApiObject } from '../../../application/api/resource.ts'
import { invalid } from '../../../domain/kubernetes/field-error.ts'
import { textOf } from '../body/body-object.ts'
import type { JsonObject } from '../body/decode-object.ts'
import type { Call, ObjectPlace } from '../call.ts'
import { otherNamespace } from './create.ts'

/** The message when the metadata of a wanted object do not name the object of the address; null when they do. */
export const misnamed = (metadata: JsonObject, { namespace, name }: ObjectPlace): string | null => {
  const own = textOf(metadata['name'])
  if (own === '') return `the name of the object (${name} based on URL) was undeterminable: name must be provided`
  if (own !== name) return `the name of the object (${own}) does not match the name on the URL (${name})`
  const home = textOf(metadata['namespace'])
  return home === '' || home === namespace ? null : otherNamespace
}

/** The conflict when the wanted object was made from an older version; null when it names the present one, or none. */
export const outdated = (metadata: JsonObject, present: ApiObject): ApiFailure | null => {
  const version = textOf(metadata['resourceVersion'])
  return version === '' || version === '0' || version === present.metadata.resourceVersion
    ? null
    : { _tag: 'Conflict', detail: modified }
}

const modified = 'the object has been modified; please apply your changes to the latest version and try again'

/** The conflict when the wanted object is another one that had the same name. */
export const replaced = (
  { kind }: Call,
  metadata: JsonObject,
  present: ApiObject,
  { namespace, name }: ObjectPlace,
): ApiFailure | null => {
  const uid = textOf(metadata['uid'])
  const actual = present.metadata.uid ?? ''
  return uid === '' || uid === actual
    ? null
    : {
        _tag: 'Conflict',
        detail: `StorageError: invalid object, Code: 4, Key: /registry/${kind.plural}/${namespace}/${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${actual}`,
      }
}

/** What speaks against making an object with these metadata of the present one; null when nothing does. */
export const patchRefusal = (metadata: JsonObject, present: ApiObject, place: ObjectPlace): ApiFailure | null => {
  const strange = misnamed(metadata, place)
  if (strange !== null) return { _tag: 'BadRequest', message: strange }
  const stale = outdated(metadata, present)
  if (stale !== null) return stale
  const uid = textOf(metadata['uid'])
  return uid === '' || uid === present.metadata.uid
    ? null
    : { _tag: 'Invalid', errors: [invalid('metadata.uid', uid, 'field is immutable')] }
}
