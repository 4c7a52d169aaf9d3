import * as t from 'io-ts'

/** Everything that can have happened to a namespace: the events of a `namespace-<name>` stream, version 1. */
const at = { at: t.number }
const StringMap = t.record(t.string, t.string, 'StringMap')

export const namespaceEvents = {
  NamespaceCreated: t.strict(
    {
      type: t.literal('NamespaceCreated'),
      uid: t.string,
      name: t.string,
      labels: StringMap,
      annotations: StringMap,
      ...at,
    },
    'NamespaceCreated',
  ),
  /** Labels and annotations as they are from now on. */
  NamespaceChanged: t.strict(
    { type: t.literal('NamespaceChanged'), labels: StringMap, annotations: StringMap, ...at },
    'NamespaceChanged',
  ),
  /** Who has to let it go before it is: those of its metadata, and those of its spec, of which one is the server itself. */
  NamespaceFinalizersChanged: t.strict(
    {
      type: t.literal('NamespaceFinalizersChanged'),
      finalizers: t.readonlyArray(t.string),
      ofSpec: t.readonlyArray(t.string),
      ...at,
    },
    'NamespaceFinalizersChanged',
  ),
  /** Who manages which fields of it from now on, as its `managedFields` have it. */
  NamespaceManagersChanged: t.strict(
    { type: t.literal('NamespaceManagersChanged'), managers: t.readonlyArray(t.UnknownRecord), ...at },
    'NamespaceManagersChanged',
  ),
  /** Nothing new may be created in it, and what is in it goes. */
  NamespaceDeletionRequested: t.strict(
    { type: t.literal('NamespaceDeletionRequested'), ...at },
    'NamespaceDeletionRequested',
  ),
  NamespaceDeleted: t.strict({ type: t.literal('NamespaceDeleted'), ...at }, 'NamespaceDeleted'),
}

export const namespaceEventVersion = 1

type Codecs = typeof namespaceEvents
export type NamespaceEvent = { [K in keyof Codecs]: t.TypeOf<Codecs[K]> }[keyof Codecs]
