import type { ApiObject } from '../../application/api/resource.ts'
import type { JsonObject } from './body/decode-object.ts'

/** An Event of the core group in the form of events.k8s.io. */
export const newEvent = (object: ApiObject): ApiObject => {
  const { reportingInstance, reportingController, ...event } = renamed(object, toNew)
  return {
    ...event,
    kind: 'Event',
    apiVersion: 'events.k8s.io/v1',
    metadata: object.metadata,
    ...droppedWhenEmpty({ reportingInstance, reportingController }),
  }
}

/** And back; it still says as what it was sent, since more is asked of it than of one of the core group. */
export const coreEvent = (event: JsonObject): JsonObject => renamed(event, toCore)

const names: ReadonlyArray<readonly [core: string, other: string]> = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
]
const toNew = new Map(names)
const toCore = new Map(names.map(([core, other]) => [other, core]))

const renamed = (object: JsonObject, name: ReadonlyMap<string, string>): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([field, value]) => [name.get(field) ?? field, value]))

/** What the core group always shows. */
const droppedWhenEmpty = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== undefined))
