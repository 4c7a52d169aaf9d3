import { E } from '../../prelude.ts'
import type { Ledger } from '../log/ledger.ts'
import type { StoredObjectWriter } from '../objects/stored-object-writer.ts'
import { whenApplied } from '../log/when-applied.ts'
import type { ApiEvent, EventsResource } from './events.ts'
import type { ApiObject, Asked, Resource } from './resource.ts'
import { listStoredObjects } from './stored-objects.ts'

export type AllEventsPorts = {
  readonly ledger: Ledger
  readonly writer: StoredObjectWriter
  /** Those that the log tells by itself. */
  readonly told: Pick<EventsResource, 'get' | 'list'>
  /** Those that clients have written. */
  readonly written: Resource
}

/**
 * All Events: those that are told of the log, and those that clients write. Whoever changes or deletes one of the first kind makes it one of
 * the second.
 */
export const allEvents = ({ ledger, writer, told, written }: AllEventsPorts): Resource => {
  const toldOf = (namespace: string, name: string): ApiEvent | null => {
    const event = told.get(namespace, name)
    return event !== null && isShown(ledger, event) ? event : null
  }
  const get = (namespace: string, name: string) => written.get(namespace, name) ?? toldOf(namespace, name)

  /** From now on the Event is one that was written. */
  const takeOver = async (
    { kind: _, apiVersion: _v, metadata, eventTime: _e, ...rest }: ApiEvent,
    { actor }: Asked,
  ) => {
    const { uid = '', namespace, name } = metadata
    const form = { metadata: {}, ...rest }
    const taken = await writer.handle(
      uid,
      { type: 'CreateObject', resource: 'events', uid, namespace, name, form },
      { actor },
    )()
    if (E.isRight(taken) && taken.right.position !== null) await whenApplied(ledger, taken.right.position)
  }
  return {
    ...written,
    get,
    list: listAllEvents(ledger, told.list),
    create: (namespace, sent, asked) => async () => {
      const { name = '' } = (sent as Partial<ApiObject>).metadata ?? {}
      return toldOf(namespace, name) === null
        ? ((await written.create?.(namespace, sent, asked)()) ?? E.left({ _tag: 'NotFound' }))
        : E.left({ _tag: 'AlreadyExists' })
    },
    change: (at, wanted, asked) => async () => {
      const one = toldOf(at.namespace, at.name)
      if (one !== null && asked.dryRun === true) return E.map((next) => next as ApiObject)(wanted(one))
      if (one !== null) await takeOver(one, asked)
      return (await written.change?.(at, wanted, asked)()) ?? E.left({ _tag: 'NotFound' })
    },
    remove: (namespace, name, options, asked) => async () => {
      const one = toldOf(namespace, name)
      if (one !== null && asked.dryRun === true) return E.right({ gone: true, object: one })
      if (one !== null) await takeOver(one, asked)
      return (await written.remove?.(namespace, name, options, asked)()) ?? E.left({ _tag: 'NotFound' })
    },
  }
}

/** All Events of a ledger, in their order. */
export const listAllEvents =
  (ledger: Ledger, told: EventsResource['list']): Resource['list'] =>
  (namespace) =>
    [
      ...listStoredObjects(ledger, 'events')(namespace),
      ...told(namespace).filter((event) => isShown(ledger, event)),
    ].sort(byPlace)

/** Not one that was taken over, nor one of a namespace that has gone since. */
const isShown = ({ objects, namespaces }: Ledger, { metadata, lastTimestamp }: ApiEvent): boolean => {
  if (objects.wasThere('events', metadata.namespace, metadata.name)) return false
  const state = namespaces.getByUid(metadata.namespace)?.state
  const goneAt = state?._tag === 'Namespace' ? state.formerGoneAt : (state?.goneAt ?? null)
  return goneAt === null || Date.parse(lastTimestamp) > goneAt
}

const byPlace = ({ metadata: a }: ApiObject, { metadata: b }: ApiObject): number =>
  compare(a.namespace, b.namespace) || compare(a.name, b.name)

const compare = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0)
