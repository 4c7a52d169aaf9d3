import { E } from '../../prelude.ts'
import { finalizersAfter } from '../kubernetes/deletion-finalizers.ts'
import { mergePatchBetween } from '../merge-patch.ts'
import { sameValue } from '../same-value.ts'
import type { StoredObjectEvent } from './events.ts'
import { finalizersOf, type Json, type StoredObject, type StoredObjectState } from './stored-object.ts'

export type StoredObjectCommand =
  | {
      readonly type: 'CreateObject'
      readonly resource: string
      readonly uid: string
      readonly namespace: string
      readonly name: string
      readonly form: Json
    }
  /** `seen`: the version from which the form was made. */
  | { readonly type: 'ChangeObject'; readonly form: Json; readonly seen: number }
  /** `propagation`: what becomes of the dependents; absent: what the finalizers of the object say. */
  | { readonly type: 'DeleteObject'; readonly propagation?: 'Background' | 'Foreground' | 'Orphan' }

export type StoredObjectRefusal =
  | { readonly _tag: 'ObjectAlreadyExists' }
  | { readonly _tag: 'ObjectNotFound' }
  /** Somebody else was faster: the form was made from an older one. */
  | { readonly _tag: 'ObjectOutdated' }

/** What follows from a command. A change that changes nothing yields nothing, and so does a deletion that is under way. */
export const decideStoredObject =
  (command: StoredObjectCommand, { at }: { readonly at: number }) =>
  (state: StoredObjectState): E.Either<StoredObjectRefusal, ReadonlyArray<StoredObjectEvent>> => {
    if (command.type === 'CreateObject') {
      const { type: _, ...created } = command
      return state._tag === 'StoredObject'
        ? E.left({ _tag: 'ObjectAlreadyExists' })
        : E.right([{ type: 'ObjectCreated', ...created, at }])
    }
    if (state._tag === 'NoStoredObject' || state.isDeleted) return E.left({ _tag: 'ObjectNotFound' })
    switch (command.type) {
      case 'ChangeObject':
        return state.version === command.seen
          ? E.right(change(command.form, state, at))
          : E.left({ _tag: 'ObjectOutdated' })
      case 'DeleteObject':
        return E.right(deletion(state, command.propagation, at))
    }
  }

/** The last finalizer that goes lets a deleted object go: what is told of it then is how it was before. */
const change = (form: Json, object: StoredObject, at: number): ReadonlyArray<StoredObjectEvent> => {
  if (object.deletionAt !== null && finalizersOf(form).length === 0) return [{ type: 'ObjectDeleted', at }]
  const patch = mergePatchBetween(object.form, form)
  return patch === null ? [] : [{ type: 'ObjectChanged', patch, at }]
}

const deletion = (
  { form, deletionAt }: StoredObject,
  propagation: Propagation,
  at: number,
): ReadonlyArray<StoredObjectEvent> => {
  const finalizers = finalizersOf(form)
  const left = propagation === undefined ? finalizers : finalizersAfter(finalizers, propagation)
  if (left.length === 0) return [{ type: 'ObjectDeleted', at }]
  const patch = sameValue(left, finalizers) ? null : { metadata: { finalizers: left } }
  return [
    ...(patch === null ? [] : [{ type: 'ObjectChanged', patch, at } as const]),
    ...(deletionAt === null ? [{ type: 'ObjectDeletionRequested', at } as const] : []),
  ]
}

type Propagation = Extract<StoredObjectCommand, { readonly type: 'DeleteObject' }>['propagation']
