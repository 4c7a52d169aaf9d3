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
  NamespaceDeleted: t.strict({ type: t.literal('NamespaceDeleted'), ...at }, 'NamespaceDeleted'),
}

export const namespaceEventVersion = 1

type Codecs = typeof namespaceEvents
export type NamespaceEvent = { [K in keyof Codecs]: t.TypeOf<Codecs[K]> }[keyof Codecs]
