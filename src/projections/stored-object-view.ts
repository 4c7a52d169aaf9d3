import type { StoredObjectEvent } from '../domain/stored-object/events.ts'
import { evolveStoredObject, noStoredObject, type StoredObjectState } from '../domain/stored-object/stored-object.ts'
import type { StoredForm } from '../domain/kubernetes/stored-kinds/stored-kind.ts'
import { storedKindOf } from '../domain/kubernetes/stored-kinds/stored-kinds.ts'
import type { RecordedEvent } from './recorded.ts'
import { kubernetesTime } from './time.ts'

/** An object that is only kept as it stands, and the position of its last event: its resourceVersion. */
export type StoredObjectView = { readonly state: StoredObjectState; readonly position: bigint }

export const emptyStoredObjectView: StoredObjectView = { state: noStoredObject, position: 0n }

export const foldStoredObjectView = (
  { state, position }: StoredObjectView,
  batch: ReadonlyArray<RecordedEvent<StoredObjectEvent>>,
): StoredObjectView => ({
  state: evolveStoredObject(
    state,
    batch.map(({ event }) => event),
  ),
  position: batch.at(-1)?.position ?? position,
})

/** As clients see it; null when it is not there (any more), or of a kind that this version does not know. */
export const storedObject = ({ state, position }: StoredObjectView): StoredObjectShown | null => {
  if (state._tag === 'NoStoredObject' || state.isDeleted) return null
  const kind = storedKindOf(state.resource)
  if (kind === null) return null
  const { metadata, ...rest }: StoredForm = kind.shown?.(state.form) ?? state.form
  return {
    kind: kind.kind,
    apiVersion: kind.apiVersion,
    metadata: {
      name: state.name,
      ...(state.namespace === '' ? {} : { namespace: state.namespace }),
      uid: state.uid,
      resourceVersion: `${position}`,
      creationTimestamp: kubernetesTime(state.createdAt),
      ...(state.deletionAt === null
        ? {}
        : { deletionTimestamp: kubernetesTime(state.deletionAt), deletionGracePeriodSeconds: 0 }),
      ...metadata,
    },
    ...rest,
  }
}

export type StoredObjectShown = StoredForm & {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: NonNullable<StoredForm['metadata']> & { readonly name: string }
}
