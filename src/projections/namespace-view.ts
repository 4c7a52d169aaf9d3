import type { NamespaceEvent } from '../domain/namespace/events.ts'
import { evolveNamespace, type NamespaceState, noNamespace } from '../domain/namespace/namespace.ts'
import type { RecordedEvent } from './recorded.ts'

/** A namespace as it stands, and the position of its last event: its resourceVersion. */
export type NamespaceView = { readonly state: NamespaceState; readonly position: bigint }

export const emptyNamespaceView: NamespaceView = { state: noNamespace, position: 0n }

export const foldNamespaceView = (
  { state, position }: NamespaceView,
  batch: ReadonlyArray<RecordedEvent<NamespaceEvent>>,
): NamespaceView => ({
  state: evolveNamespace(
    state,
    batch.map(({ event }) => event),
  ),
  position: batch.at(-1)?.position ?? position,
})
