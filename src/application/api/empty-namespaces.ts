import type { Ledger } from '../log/ledger.ts'
import type { Clock } from '../ports/clock.ts'
import type { NamespacesResource } from './namespaces.ts'
import type { Resource } from './resource.ts'

export type EmptyNamespacesPorts = {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly namespaces: NamespacesResource
  /** What there can be in a namespace: what makes others comes before them. */
  readonly contents: ReadonlyArray<Resource>
}

/**
 * Deletes what is in namespaces that are on their way out, and lets them go when nothing is left; also those that were so before. The
 * answer ends it.
 */
export const emptyNamespaces = ({ ledger, clock, namespaces, contents }: EmptyNamespacesPorts): (() => void) => {
  const actor = { kind: 'saga' as const, name: 'ensure-terminating-namespaces-go' }
  const waiting = new Set<string>()
  let isLooking = false
  let isDue = false

  /** Whether something is left; what is told to go may stay for a while. */
  const isEmptied = async (namespace: string): Promise<boolean> => {
    for (const { list, remove } of contents)
      for (const { metadata } of list(namespace))
        if (!('deletionTimestamp' in metadata))
          await remove?.(namespace, metadata.name, { propagation: 'Background' }, { actor, warn: () => {} })()
    return contents.every(({ list }) => list(namespace).length === 0)
  }
  const look = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    for (const name of waiting)
      if (await isEmptied(name)) {
        waiting.delete(name)
        await namespaces.emptied(name, actor)
      }
    isLooking = false
  }
  /** What is left goes by and by. */
  const lookSoon = (): void => {
    if (isDue || waiting.size === 0) return
    isDue = true
    clock.scheduler.schedule(() => {
      isDue = false
      void look()
    }, windowMs)
  }

  for (const { state } of ledger.namespaces.list())
    if (state._tag === 'Namespace' && state.deletionAt !== null) waiting.add(state.name)
  const subscription = ledger.steps$.subscribe((step) => {
    for (const { uid: name, recorded } of step.namespaces)
      if (recorded.some(({ event }) => event.type === 'NamespaceDeletionRequested')) {
        waiting.add(name)
        void look()
      }
    lookSoon()
  })
  void look()
  lookSoon()
  return () => subscription.unsubscribe()
}

/** Between two looks at what is left. */
const windowMs = 1000
