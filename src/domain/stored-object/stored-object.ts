import { applyMergePatch } from '../merge-patch.ts'
import type { StoredObjectEvent } from './events.ts'

export type Json = Readonly<Record<string, unknown>>

/** An object that is only kept, as it stands. */
export type StoredObject = {
  readonly _tag: 'StoredObject'
  readonly resource: string
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly form: Json
  readonly createdAt: number
  readonly changedAt: number
  /** Since when it waits for its finalizers; null: it is not being deleted. */
  readonly deletionAt: number | null
  readonly isDeleted: boolean
  /** How often it has changed: who changes it says which state they have seen. */
  readonly version: number
}

/** There never was one with this uid. */
export type NoStoredObject = { readonly _tag: 'NoStoredObject' }
export const noStoredObject: NoStoredObject = { _tag: 'NoStoredObject' }

export type StoredObjectState = StoredObject | NoStoredObject

/** What holds an object of this form when it is deleted. */
export const finalizersOf = (form: Json): ReadonlyArray<string> => {
  const { metadata } = form
  const finalizers =
    typeof metadata === 'object' && metadata !== null && 'finalizers' in metadata && metadata.finalizers
  return Array.isArray(finalizers) ? finalizers.map(String) : []
}

export const evolveStoredObject = (
  state: StoredObjectState,
  events: ReadonlyArray<StoredObjectEvent>,
): StoredObjectState => events.reduce(evolve, state)

const evolve = (state: StoredObjectState, event: StoredObjectEvent): StoredObjectState => {
  if (event.type === 'ObjectCreated') {
    const { type: _, at, ...created } = event
    return {
      _tag: 'StoredObject',
      ...created,
      createdAt: at,
      changedAt: at,
      deletionAt: null,
      isDeleted: false,
      version: 1,
    }
  }
  if (state._tag === 'NoStoredObject') return state
  const next = { ...state, version: state.version + 1, changedAt: event.at }
  switch (event.type) {
    case 'ObjectChanged':
      return { ...next, form: applyMergePatch(state.form, event.patch) as Json }
    case 'ObjectDeletionRequested':
      return { ...next, deletionAt: event.at }
    case 'ObjectDeleted':
      return { ...next, isDeleted: true }
  }
}
