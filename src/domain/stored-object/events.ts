import * as t from 'io-ts'

/**
 * Everything that can have happened to an object that is only kept (a ConfigMap, a Lease): the events of an `object-<uid>` stream,
 * version 1. What the object holds is the business of its kind.
 */
const at = { at: t.number }

export const storedObjectEvents = {
  /** `resource`: the name of its kind as the API has it, `configmaps`. `form`: the object without what the server adds to it. */
  ObjectCreated: t.strict(
    {
      type: t.literal('ObjectCreated'),
      resource: t.string,
      uid: t.string,
      namespace: t.string,
      name: t.string,
      form: t.UnknownRecord,
      ...at,
    },
    'ObjectCreated',
  ),
  /** The smallest merge patch of the form. */
  ObjectChanged: t.strict({ type: t.literal('ObjectChanged'), patch: t.UnknownRecord, ...at }, 'ObjectChanged'),
  /** Its finalizers hold it yet. */
  ObjectDeletionRequested: t.strict({ type: t.literal('ObjectDeletionRequested'), ...at }, 'ObjectDeletionRequested'),
  /** The object is gone. */
  ObjectDeleted: t.strict({ type: t.literal('ObjectDeleted'), ...at }, 'ObjectDeleted'),
}

export const storedObjectEventVersion = 1

type Codecs = typeof storedObjectEvents
export type StoredObjectEvent = { [K in keyof Codecs]: t.TypeOf<Codecs[K]> }[keyof Codecs]
