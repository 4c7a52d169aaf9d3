import { E } from '../../prelude.ts'
import type { NamespaceEvent } from './events.ts'

type Texts = Readonly<Record<string, string>>

export type Namespace = {
  readonly _tag: 'Namespace'
  readonly uid: string
  readonly name: string
  readonly labels: Texts
  readonly annotations: Texts
  readonly createdAt: number
}

/** There is none of this name, or none any more. */
export type NoNamespace = { readonly _tag: 'NoNamespace' }
export const noNamespace: NoNamespace = { _tag: 'NoNamespace' }

export type NamespaceState = Namespace | NoNamespace

export type NamespaceCommand =
  | {
      readonly type: 'CreateNamespace'
      readonly uid: string
      readonly name: string
      readonly labels: Texts
      readonly annotations: Texts
    }
  | { readonly type: 'ChangeNamespace'; readonly labels: Texts; readonly annotations: Texts }
  | { readonly type: 'DeleteNamespace' }

export type NamespaceRefusal = { readonly _tag: 'NamespaceAlreadyExists' } | { readonly _tag: 'NamespaceNotFound' }

/** A change that changes nothing yields nothing. */
export const decideNamespace =
  (command: NamespaceCommand, { at }: { readonly at: number }) =>
  (state: NamespaceState): E.Either<NamespaceRefusal, ReadonlyArray<NamespaceEvent>> => {
    if (command.type === 'CreateNamespace') {
      const { uid, name, labels, annotations } = command
      return state._tag === 'Namespace'
        ? E.left({ _tag: 'NamespaceAlreadyExists' })
        : E.right([{ type: 'NamespaceCreated', uid, name, labels, annotations, at }])
    }
    if (state._tag === 'NoNamespace') return E.left({ _tag: 'NamespaceNotFound' })
    if (command.type === 'DeleteNamespace') return E.right([{ type: 'NamespaceDeleted', at }])
    const { labels, annotations } = command
    return isSame(labels, state.labels) && isSame(annotations, state.annotations)
      ? E.right([])
      : E.right([{ type: 'NamespaceChanged', labels, annotations, at }])
  }

export const evolveNamespace = (state: NamespaceState, events: ReadonlyArray<NamespaceEvent>): NamespaceState =>
  events.reduce(evolve, state)

const evolve = (state: NamespaceState, event: NamespaceEvent): NamespaceState => {
  switch (event.type) {
    case 'NamespaceCreated': {
      const { uid, name, labels, annotations, at } = event
      return { _tag: 'Namespace', uid, name, labels, annotations, createdAt: at }
    }
    case 'NamespaceChanged':
      return state._tag === 'Namespace' ? { ...state, labels: event.labels, annotations: event.annotations } : state
    case 'NamespaceDeleted':
      return noNamespace
  }
}

const isSame = (a: Texts, b: Texts): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, value]) => Object.hasOwn(b, key) && b[key] === value)
