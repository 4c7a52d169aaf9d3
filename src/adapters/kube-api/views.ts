import type { ApiObject, Resource } from '../../application/api/resource.ts'
import { E, TE } from '../../prelude.ts'
import type { ResourceName } from './api-kind.ts'
import { isObject } from './body/decode-object.ts'
import { coreEvent, newEvent } from './event-forms.ts'

/** Another form of the objects of a resource. Both ways the object is whole. */
export type View = {
  readonly of: ResourceName
  readonly shown: (object: ApiObject) => ApiObject
  readonly stored: (sent: unknown) => unknown
  /** What becomes of the dependents where nobody says; absent: as the resource itself does. */
  readonly propagation?: 'Orphan'
}

/** The resource as the view shows it. */
export const resourceIn = ({ shown, stored, propagation }: View, resource: Resource): Resource => {
  const { get, list, create, change, remove } = resource
  return {
    get: (namespace, name) => {
      const object = get(namespace, name)
      return object === null ? null : shown(object)
    },
    list: (namespace) => list(namespace).map(shown),
    ...(create !== undefined && {
      create: (namespace, sent, asked) => TE.map(shown)(create(namespace, stored(sent), asked)),
    }),
    ...(change !== undefined && {
      change: (at, wanted, asked) =>
        TE.map(shown)(change(at, (present) => E.map(stored)(wanted(shown(present))), asked)),
    }),
    ...(remove !== undefined && {
      remove: (namespace, name, options, asked) =>
        TE.map(({ gone, object }: { readonly gone: boolean; readonly object: ApiObject }) => ({
          gone,
          object: shown(object),
        }))(remove(namespace, name, { ...(propagation !== undefined && { propagation }), ...options }, asked)),
    }),
  }
}

/** An object shown again is the same one: what was made of it is known. */
const once = (make: (object: ApiObject) => ApiObject): ((object: ApiObject) => ApiObject) => {
  const made = new WeakMap<ApiObject, ApiObject>()
  return (object) => {
    const known = made.get(object) ?? make(object)
    made.set(object, known)
    return known
  }
}

/** Under the name of the kind that is a view of another. */
export const views: { readonly [Name in ResourceName]?: View } = {
  'cronjobs.v1beta1': {
    of: 'cronjobs',
    shown: once((cronJob) => ({ ...cronJob, apiVersion: 'batch/v1beta1' })),
    stored: (sent) => (isObject(sent) ? { ...sent, apiVersion: 'batch/v1' } : sent),
    propagation: 'Orphan',
  },
  'events.events.k8s.io': {
    of: 'events',
    shown: once(newEvent),
    stored: (sent) => (isObject(sent) ? coreEvent(sent) : sent),
  },
}
