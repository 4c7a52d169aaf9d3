import { E } from '../../prelude.ts'
import { sameValue } from '../same-value.ts'
import type { NamespaceEvent } from './events.ts'

type Texts = Readonly<Record<string, string>>
type Names = ReadonlyArray<string>
type Managers = ReadonlyArray<Readonly<Record<string, unknown>>>

export type Namespace = {
  readonly _tag: 'Namespace'
  readonly uid: string
  readonly name: string
  readonly labels: Texts
  readonly annotations: Texts
  /** Of the metadata, and of the spec. */
  readonly finalizers: Names
  readonly ofSpec: Names
  /** Who manages which fields, as `managedFields` have it. */
  readonly managers: Managers
  readonly createdAt: number
  /** Since when it is on its way out; null: it is not. */
  readonly deletionAt: number | null
  /** When the one before it of the same name went; null: it is the first. */
  readonly formerGoneAt: number | null
}

/** There is none of this name, or none any more. */
export type NoNamespace = { readonly _tag: 'NoNamespace'; readonly goneAt: number | null }
export const noNamespace: NoNamespace = { _tag: 'NoNamespace', goneAt: null }

export type NamespaceState = Namespace | NoNamespace

export type NamespaceCommand =
  | {
      readonly type: 'CreateNamespace'
      readonly uid: string
      readonly name: string
      readonly labels: Texts
      readonly annotations: Texts
      readonly finalizers: Names
      readonly managers: Managers
    }
  | {
      readonly type: 'ChangeNamespace'
      readonly labels: Texts
      readonly annotations: Texts
      readonly finalizers: Names
      readonly managers: Managers
    }
  /** Absent: the server has seen that nothing is left in it. */
  | { readonly type: 'FinalizeNamespace'; readonly ofSpec?: Names }
  | { readonly type: 'DeleteNamespace' }

export type NamespaceRefusal = { readonly _tag: 'NamespaceAlreadyExists' } | { readonly _tag: 'NamespaceNotFound' }

/** What the spec of every namespace names: the server, which empties it first. */
export const serverFinalizer = 'kubernetes'

/** What follows from a command. What is so already yields nothing. */
export const decideNamespace =
  (command: NamespaceCommand, { at }: { readonly at: number }) =>
  (state: NamespaceState): E.Either<NamespaceRefusal, ReadonlyArray<NamespaceEvent>> => {
    if (command.type === 'CreateNamespace') {
      const { uid, name, labels, annotations, finalizers, managers } = command
      if (state._tag === 'Namespace') return E.left({ _tag: 'NamespaceAlreadyExists' })
      const created: NamespaceEvent = { type: 'NamespaceCreated', uid, name, labels, annotations, at }
      const made = newNamespace(created)
      return E.right([created, ...managed(made, managers, at), ...held(made, finalizers, [serverFinalizer], at)])
    }
    if (state._tag === 'NoNamespace') return E.left({ _tag: 'NamespaceNotFound' })
    switch (command.type) {
      case 'ChangeNamespace': {
        const { labels, annotations, finalizers, managers } = command
        const isSame = sameValue(labels, state.labels) && sameValue(annotations, state.annotations)
        const changed: NamespaceEvent = { type: 'NamespaceChanged', labels, annotations, at }
        return E.right([
          ...(isSame ? [] : [changed]),
          ...managed(state, managers, at),
          ...held(state, finalizers, state.ofSpec, at),
        ])
      }
      case 'FinalizeNamespace': {
        const { ofSpec = state.ofSpec.filter((name) => name !== serverFinalizer) } = command
        return E.right(held(state, state.finalizers, ofSpec, at))
      }
      case 'DeleteNamespace':
        return E.right(state.deletionAt === null ? [{ type: 'NamespaceDeletionRequested', at }] : [])
    }
  }

const managed = (state: Namespace, managers: Managers, at: number): ReadonlyArray<NamespaceEvent> =>
  sameValue(managers, state.managers) ? [] : [{ type: 'NamespaceManagersChanged', managers, at }]

/** Who holds it from now on. One on its way out that nobody holds is gone. */
const held = (state: Namespace, finalizers: Names, ofSpec: Names, at: number): ReadonlyArray<NamespaceEvent> => {
  if (state.deletionAt !== null && finalizers.length === 0 && ofSpec.length === 0)
    return [{ type: 'NamespaceDeleted', at }]
  return sameValue(finalizers, state.finalizers) && sameValue(ofSpec, state.ofSpec)
    ? []
    : [{ type: 'NamespaceFinalizersChanged', finalizers, ofSpec, at }]
}

export const evolveNamespace = (state: NamespaceState, events: ReadonlyArray<NamespaceEvent>): NamespaceState =>
  events.reduce(evolve, state)

/** A namespace as nobody has changed it yet. */
export const newNamespace = ({
  uid,
  name,
  labels,
  annotations,
  at,
}: Omit<Extract<NamespaceEvent, { readonly type: 'NamespaceCreated' }>, 'type'>): Namespace => ({
  _tag: 'Namespace',
  ...{ uid, name, labels, annotations },
  finalizers: [],
  ofSpec: [serverFinalizer],
  managers: [],
  createdAt: at,
  deletionAt: null,
  formerGoneAt: null,
})

const evolve = (state: NamespaceState, event: NamespaceEvent): NamespaceState => {
  if (event.type === 'NamespaceCreated')
    return { ...newNamespace(event), formerGoneAt: state._tag === 'NoNamespace' ? state.goneAt : null }
  if (state._tag === 'NoNamespace') return state
  switch (event.type) {
    case 'NamespaceChanged':
      return { ...state, labels: event.labels, annotations: event.annotations }
    case 'NamespaceFinalizersChanged':
      return { ...state, finalizers: event.finalizers, ofSpec: event.ofSpec }
    case 'NamespaceManagersChanged':
      return { ...state, managers: event.managers }
    case 'NamespaceDeletionRequested':
      return { ...state, deletionAt: event.at }
    case 'NamespaceDeleted':
      return { _tag: 'NoNamespace', goneAt: event.at }
  }
}
