import { type FieldErrors, invalidFor, required } from '../../domain/kubernetes/field-error.ts'
import type { Shape } from '../../domain/kubernetes/schema.ts'
import { metadata as metadataErrors } from '../../domain/kubernetes/validation/metadata.ts'
import { canonicalForm } from '../../domain/kubernetes/canonical-form.ts'
import { changedMetadata } from '../../domain/kubernetes/changed-job.ts'
import { changedMetadataErrors } from '../../domain/kubernetes/validation/metadata-update.ts'
import { dnsLabel, qualifiedName } from '../../domain/kubernetes/validation/names.ts'
import {
  decideNamespace,
  evolveNamespace,
  type Namespace,
  type NamespaceCommand,
  type NamespaceRefusal,
  newNamespace,
  noNamespace,
  serverFinalizer,
} from '../../domain/namespace/namespace.ts'
import { E, TE } from '../../prelude.ts'
import { nameLabel, namespaceObject, type NamespaceObject } from '../../projections/namespace-object.ts'
import type { NamespaceView } from '../../projections/namespace-view.ts'
import type { Actor } from '../../projections/recorded.ts'
import type { Ledger } from '../log/ledger.ts'
import type { Entropy } from '../ports/entropy.ts'
import type { AppendFailure } from '../ports/event-store.ts'
import { namespaceCategory } from '../log/read-event.ts'
import { streamWriter, type Written, type WriterPorts } from '../log/stream-writer.ts'
import { whenApplied } from '../log/when-applied.ts'
import { outdated } from './failures.ts'
import { oneAtATime } from './one-at-a-time.ts'
import type { ApiFailure, Asked, Resource } from './resource.ts'

export type NamespacesPorts = WriterPorts & { readonly ledger: Ledger }

/**
 * Namespaces as the API serves them, one stream `namespace-<name>` each. `default` exists always (since the beginning of time, unless
 * somebody has changed it), and so does every namespace in which there are Jobs or CronJobs. One that is deleted takes what is in it
 * along (`empty-namespaces.ts`) and goes last.
 */
export const namespacesResource = ({ ledger, ...ports }: NamespacesPorts): NamespacesResource => {
  const writer = streamWriter(ports, {
    category: namespaceCategory,
    initial: noNamespace,
    decide: decideNamespace,
    evolve: evolveNamespace,
  })
  const { get, list } = readNamespaces(ledger, ports.entropy)
  const inTurn = oneAtATime(ledger, 'namespaces')

  const write = async (
    name: string,
    command: NamespaceCommand,
    actor: Actor,
  ): Promise<E.Either<ApiFailure, Written<unknown>>> => {
    const written = await writer.handle(name, command, { actor })()
    if (E.isLeft(written)) return E.left(failureOf(written.left))
    if (written.right.position !== null) await whenApplied(ledger, written.right.position)
    return written
  }

  const create = (sent: unknown, asked: Asked): TE.TaskEither<ApiFailure, NamespaceObject> => {
    const { metadata = {} } = asSent(sent)
    const { name = '' } = metadata
    const errors = errorsOf(metadata)
    if (errors.length > 0) return TE.left({ _tag: 'Invalid', errors })
    if (get(name) !== null) return TE.left({ _tag: 'AlreadyExists' })
    const uid = ports.entropy.uuid()
    const given = givenIn(metadata, metadata.managedFields)
    return async () => {
      if (asked.dryRun === true)
        return E.right(
          namespaceObject({ ...newNamespace({ uid, name, ...given, at: ports.clock.now() }), ...given }, 0n),
        )
      const written = await write(name, { type: 'CreateNamespace', uid, name, ...given }, asked.actor)
      if (E.isLeft(written)) return written
      const object = get(name)
      return object === null ? E.left({ _tag: 'NotFound' }) : E.right(object)
    }
  }

  /** What is there without anybody having made it is made before it is changed. */
  const made = async ({ metadata }: NamespaceObject, actor: Actor): Promise<E.Either<ApiFailure, unknown>> => {
    const { name, uid } = metadata
    if (ledger.namespaces.find('', name) !== null) return E.right(null)
    const given = givenIn({}, [])
    return write(name, { type: 'CreateNamespace', uid, name, ...given }, actor)
  }

  const change: NonNullable<Resource<NamespaceObject>['change']> =
    ({ name }, wanted, asked) =>
    async () => {
      const present = get(name)
      if (present === null) return E.left({ _tag: 'NotFound' })
      const sent = wanted(present)
      if (E.isLeft(sent)) return sent
      const { metadata = {} } = asSent(sent.right)
      const next = changedMetadata(metadata, present.metadata)
      const errors = [...errorsOf(metadata), ...changedMetadataErrors(next, present.metadata, { whole: 0, change: 1 })]
      if (errors.length > 0) return E.left({ _tag: 'Invalid', errors })
      const given = givenIn(metadata, next.managedFields)
      const { labels, annotations, finalizers, managers } = given
      const texts = { labels: { ...labels, [nameLabel]: name }, annotations, finalizers, managedFields: managers }
      const shown = { ...present, metadata: { ...present.metadata, ...texts } }
      if (asked.dryRun === true) return E.right(shown)
      const there = await made(present, asked.actor)
      if (E.isLeft(there)) return there
      const written = await write(name, { type: 'ChangeNamespace', ...given }, asked.actor)
      return E.isLeft(written) ? written : E.right(get(name) ?? shown)
    }

  const finalize: NamespacesResource['finalize'] = (name, wanted, asked) => async () => {
    const present = get(name)
    if (present === null) return E.left({ _tag: 'NotFound' })
    const sent = wanted(present)
    if (E.isLeft(sent)) return sent
    const ofSpec = asSent(sent.right).spec?.finalizers ?? []
    const errors = ofSpec.flatMap((one, index) =>
      one === serverFinalizer ? [] : invalidFor(`spec.finalizers[${index}]`, one, finalizerErrors(one)),
    )
    if (errors.length > 0) return E.left({ _tag: 'Invalid', errors })
    const shown: NamespaceObject = { ...present, spec: ofSpec.length === 0 ? {} : { finalizers: ofSpec } }
    if (asked.dryRun === true) return E.right(shown)
    const there = await made(present, asked.actor)
    if (E.isLeft(there)) return there
    const written = await write(name, { type: 'FinalizeNamespace', ofSpec }, asked.actor)
    return E.isLeft(written) ? written : E.right(get(name) ?? shown)
  }

  const remove: NonNullable<Resource<NamespaceObject>['remove']> = (_, name, _options, asked) => async () => {
    if (protectedNames.includes(name))
      return E.left({ _tag: 'Forbidden', message: 'this namespace may not be deleted' })
    const object = get(name)
    if (object === null) return E.left({ _tag: 'NotFound' })
    if (asked.dryRun === true) return E.right({ gone: false, object })
    const there = await made(object, asked.actor)
    if (E.isLeft(there)) return there
    const written = await write(name, { type: 'DeleteNamespace' }, asked.actor)
    return E.isLeft(written) ? written : E.right({ gone: false, object: get(name) ?? object })
  }

  return {
    get: (_, name) => get(name),
    list,
    withDefaults: asRead,
    create: (_, sent, asked) => create(sent, asked),
    change: (place, ...asked) => inTurn('', place.name, change(place, ...asked)),
    finalize: (name, ...asked) => inTurn('', name, finalize(name, ...asked)),
    emptied: async (name, actor) => void (await write(name, { type: 'FinalizeNamespace' }, actor)),
    remove,
  }
}

export type NamespacesResource = Resource<NamespaceObject> & {
  /** Replaces the finalizers of the spec. */
  readonly finalize: (
    name: string,
    wanted: (present: NamespaceObject) => E.Either<ApiFailure, unknown>,
    asked: Asked,
  ) => TE.TaskEither<ApiFailure, NamespaceObject>
  /** Nothing is left in a namespace that is on its way out. */
  readonly emptied: (name: string, actor: Actor) => Promise<void>
}

/** Whoever creates something asks for its namespace, which seldom changes. */
const shown = new WeakMap<NamespaceView, NamespaceObject>()

const recorded = (view: NamespaceView, state: Namespace): NamespaceObject => {
  const object = shown.get(view) ?? namespaceObject(state, view.position)
  shown.set(view, object)
  return object
}

/** The namespaces of a ledger. */
export const readNamespaces = (ledger: Ledger, entropy: Pick<Entropy, 'digest'>) => {
  const get = (name: string): NamespaceObject | null => {
    const view = ledger.namespaces.find('', name)
    if (view?.state._tag === 'Namespace') return recorded(view, view.state)
    const since = name === 'default' ? 0 : heldIn(ledger, name)[0]
    if (since === undefined) return null
    const uid = uidFrom(entropy.digest(`namespace/${name}`))
    return namespaceObject(newNamespace({ uid, name, labels: {}, annotations: {}, at: since }), 0n)
  }
  return {
    get,
    list: (): ReadonlyArray<NamespaceObject> =>
      [...new Set(['default', ...namesHeld(ledger), ...ledger.namespaces.list().map(nameOf)])]
        .flatMap((name) => get(name) ?? [])
        .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
  }
}

const protectedNames = ['default', 'kube-system', 'kube-public']

const nameOf = ({ state }: NamespaceView): string => (state._tag === 'Namespace' ? state.name : '')

const heldIn = (ledger: Ledger, name: string): ReadonlyArray<number> =>
  [
    ledger.list().find(({ state }) => state._tag === 'Job' && state.namespace === name),
    ledger.cronJobs.list().find(({ state }) => state._tag === 'CronJob' && state.namespace === name),
  ].flatMap((view) => (view !== undefined && 'createdAt' in view.state ? [view.state.createdAt] : []))

const namesHeld = (ledger: Ledger): ReadonlyArray<string> =>
  [...ledger.list(), ...ledger.cronJobs.list()].flatMap(({ state }) => ('namespace' in state ? [state.namespace] : []))

/** What a client may say of a namespace; it is past its JSON only. */
const givenIn = (
  { labels, annotations, finalizers }: Shape<'ObjectMeta'>,
  managers: Shape<'ObjectMeta'>['managedFields'] = [],
) => {
  const { [nameLabel]: _, ...own } = labels ?? {}
  return { labels: own, annotations: annotations ?? {}, finalizers: finalizers ?? [], managers }
}

/** What is null or empty counts as Go reads it. */
const asSent = (sent: unknown): Shape<'Namespace'> => canonicalForm('Namespace')(sent) as Shape<'Namespace'>

/** A namespace with the label that it has of itself. */
const asRead = (sent: unknown): Shape<'Namespace'> => {
  const { metadata = {} } = asSent(sent)
  const { name } = metadata
  return {
    metadata: name === undefined ? metadata : { ...metadata, labels: { ...metadata.labels, [nameLabel]: name } },
  }
}

/** One that is not Kubernetes' own names whose it is. */
const finalizerErrors = (name: string): ReadonlyArray<string> => [
  ...qualifiedName(name),
  ...(name.includes('/') ? [] : ['name is neither a standard finalizer name nor is it fully qualified']),
]

/** A namespace is one label of a domain name. */
const errorsOf = (metadata: Shape<'ObjectMeta'>): FieldErrors => {
  const { name = '', labels, annotations, finalizers } = metadata
  return [
    ...(name === ''
      ? [required('metadata.name', 'name or generateName is required')]
      : invalidFor('metadata.name', name, dnsLabel(name))),
    ...metadataErrors(
      {
        name: 'checked',
        ...(labels === undefined ? {} : { labels }),
        ...(annotations === undefined ? {} : { annotations }),
        ...(finalizers === undefined ? {} : { finalizers }),
      },
      true,
    ),
  ]
}

const failureOf = (failure: NamespaceRefusal | AppendFailure): ApiFailure => {
  switch (failure._tag) {
    case 'NamespaceAlreadyExists':
      return { _tag: 'AlreadyExists' }
    case 'NamespaceNotFound':
      return { _tag: 'NotFound' }
    case 'WrongExpectedRevision':
      return { _tag: 'Conflict', detail: outdated }
    case 'UnknownOutcome':
      return { _tag: 'UnknownOutcome', reason: failure.reason }
    case 'StoreUnavailable':
      return { _tag: 'Unavailable', reason: failure.reason }
  }
}

/** A UUID (version 8: its bits are ours) from the first digits of a digest. */
const uidFrom = (digits: string): string =>
  `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`
