import type { Change } from '../../../application/api/changes.ts'
import type { ApiObject } from '../../../application/api/resource.ts'
import type { Call } from '../call.ts'
import { views } from '../views.ts'
import type { Selector } from './list.ts'
import type { Telling } from './watch-lines.ts'

/** Which objects a watch is about. */
export type Selection = {
  /** The same for watches that are about the same. */
  readonly key: string
  readonly isMeant: (object: ApiObject | null) => object is ApiObject
  /** What changes behind a position are to those who watch these objects. */
  readonly tellingsOf: (changes: ReadonlyArray<Change>, behind: bigint) => ReadonlyArray<Telling>
}

export const selectionOf = (watch: {
  readonly call: Call
  readonly namespace: string | null
  readonly selector: Selector
}): Selection => {
  const { call, namespace, selector } = watch
  const view = views[call.name]
  const of = view?.of ?? call.name
  const { query } = call.request
  const shown = (object: ApiObject | null) => (object === null || view === undefined ? object : view.shown(object))
  const isMeant = (object: ApiObject | null): object is ApiObject =>
    object !== null && (namespace === null || object.metadata.namespace === namespace) && selector.selects(object)

  const tellingOf = (change: Change): Telling | null => {
    const [before, after] = [shown(change.before()), shown(change.after())]
    if (isMeant(after)) return { type: isMeant(before) ? 'MODIFIED' : 'ADDED', object: after }
    return isMeant(before) ? { type: 'DELETED', object: before, version: change.position } : null
  }
  return {
    key: JSON.stringify([call.name, namespace, query.get('labelSelector'), query.get('fieldSelector')]),
    isMeant,
    tellingsOf: (changes, behind) =>
      changes.flatMap((change) =>
        change.resource === of && change.position > behind ? (tellingOf(change) ?? []) : [],
      ),
  }
}
