import { type FieldErrors, invalidFor, required } from '../../domain/kubernetes/field-error.ts'
import type { Shape } from '../../domain/kubernetes/schema.ts'
import { metadata as metadataErrors } from '../../domain/kubernetes/validation/metadata.ts'
import { dnsLabel } from '../../domain/kubernetes/validation/names.ts'
import {
  decideNamespace,
  evolveNamespace,
  type Namespace,
  type NamespaceCommand,
  type NamespaceRefusal,
  noNamespace,
} from '../../domain/namespace/namespace.ts'
import { E, TE } from '../../prelude.ts'
import { kubernetesTime } from '../../projections/time.ts'
import type { NamespaceView } from '../../projections/namespace-view.ts'
import type { Ledger } from '../ledger.ts'
import type { AppendFailure } from '../ports/event-store.ts'
import { namespaceCategory } from '../read-event.ts'
import { streamWriter, type Written, type WriterPorts } from '../stream-writer.ts'
import { whenApplied } from '../when-applied.ts'
import { outdated } from './failures.ts'
import type { ApiFailure, Asked, Resource } from './resource.ts'

/** A namespace as the API shows it. */
export type NamespaceObject = {
  readonly apiVersion: 'v1'
  readonly kind: 'Namespace'
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly resourceVersion: string
    readonly creationTimestamp: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec: { readonly finalizers: ReadonlyArray<string> }
  readonly status: { readonly phase: 'Active' }
}

export type NamespacesPorts = WriterPorts & { readonly ledger: Ledger }

/**
 * Namespaces as the API serves them, one stream `namespace-<name>` each. `default` exists always (since the beginning of time, unless
 * somebody has changed it), and so does every namespace in which there are Jobs or CronJobs. One that holds nothing can be deleted.
 */
export const namespacesResource = ({ ledger, ...ports }: NamespacesPorts): Resource<NamespaceObject> => {
  const writer = streamWriter(ports, {
    category: namespaceCategory,
    initial: noNamespace,
    decide: decideNamespace,
    evolve: evolveNamespace,
  })
  /** Since when there is something in a namespace; undefined when it holds nothing. */
  const heldSince = (name: string): number | undefined => heldIn(ledger, name)[0]

  const get = (name: string): NamespaceObject | null => {
    const view = ledger.namespaces.find('', name)
    if (view?.state._tag === 'Namespace') return namespaceObject(view.state, view.position)
    const since = name === 'default' ? 0 : heldSince(name)
    if (since === undefined) return null
    const uid = uidFrom(ports.entropy.digest(`namespace/${name}`))
    const state = { _tag: 'Namespace' as const, uid, name, labels: {}, annotations: {}, createdAt: since }
    return namespaceObject(state, 0n)
  }

  const write = async (
    name: string,
    command: NamespaceCommand,
    { actor }: Asked,
  ): Promise<E.Either<ApiFailure, Written<unknown>>> => {
    const written = await writer.handle(name, command, { actor })()
    if (E.isLeft(written)) return E.left(failureOf(written.left))
    if (written.right.position !== null) await whenApplied(ledger, written.right.position)
    return written
  }

  const create = (sent: unknown, asked: Asked): TE.TaskEither<ApiFailure, NamespaceObject> => {
    const { metadata = {} } = sent as Shape<'Job'>
    const { name = '' } = metadata
    const errors = errorsOf(metadata)
    if (errors.length > 0) return TE.left({ _tag: 'Invalid', errors })
    if (get(name) !== null) return TE.left({ _tag: 'AlreadyExists' })
    const uid = ports.entropy.uuid()
    const texts = { labels: textsOf(metadata.labels), annotations: textsOf(metadata.annotations) }
    return async () => {
      if (asked.dryRun === true) {
        const state = { _tag: 'Namespace' as const, uid, name, ...texts, createdAt: ports.clock.now() }
        return E.right(namespaceObject(state, 0n))
      }
      const written = await write(name, { type: 'CreateNamespace', uid, name, ...texts }, asked)
      if (E.isLeft(written)) return written
      const object = get(name)
      return object === null ? E.left({ _tag: 'NotFound' }) : E.right(object)
    }
  }

  const change: NonNullable<Resource<NamespaceObject>['change']> =
    ({ name }, wanted, asked) =>
    async () => {
      const present = get(name)
      if (present === null) return E.left({ _tag: 'NotFound' })
      const sent = wanted(present)
      if (E.isLeft(sent)) return sent
      const { metadata = {} } = sent.right as Shape<'Job'>
      const errors = errorsOf(metadata)
      if (errors.length > 0) return E.left({ _tag: 'Invalid', errors })
      const { [nameLabel]: _, ...labels } = textsOf(metadata.labels)
      const annotations = textsOf(metadata.annotations)
      if (asked.dryRun === true)
        return E.right({
          ...present,
          metadata: { ...present.metadata, labels: { ...labels, [nameLabel]: name }, annotations },
        })
      if (ledger.namespaces.find('', name) === null) {
        const { uid } = present.metadata
        const made = await write(name, { type: 'CreateNamespace', uid, name, labels, annotations }, asked)
        return E.isLeft(made) ? made : E.right(get(name) ?? present)
      }
      const written = await write(name, { type: 'ChangeNamespace', labels, annotations }, asked)
      return E.isLeft(written) ? written : E.right(get(name) ?? present)
    }

  const remove: NonNullable<Resource<NamespaceObject>['remove']> = (_, name, _options, asked) => async () => {
    if (protectedNames.includes(name))
      return E.left({ _tag: 'Forbidden', message: 'this namespace may not be deleted' })
    const object = get(name)
    if (object === null) return E.left({ _tag: 'NotFound' })
    if (heldSince(name) !== undefined || hasPods(ledger, name)) return E.left({ _tag: 'Forbidden', message: notEmpty })
    if (asked.dryRun === true) return E.right({ gone: true, object })
    const written = await write(name, { type: 'DeleteNamespace' }, asked)
    return E.isLeft(written) ? written : E.right({ gone: true, object })
  }

  return {
    get: (_, name) => get(name),
    list: () =>
      [...new Set(['default', ...namesHeld(ledger), ...ledger.namespaces.list().map(nameOf)])]
        .flatMap((name) => get(name) ?? [])
        .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
    create: (_, sent, asked) => create(sent, asked),
    change,
    remove,
  }
}

const protectedNames = ['default', 'kube-system', 'kube-public']

const notEmpty = 'jobledger cannot delete a namespace that holds Jobs, CronJobs or Pods yet: delete them first'

const nameOf = ({ state }: NamespaceView): string => (state._tag === 'Namespace' ? state.name : '')

/** The label by which a namespace can be selected by its name. */
const nameLabel = 'kubernetes.io/metadata.name'

/** Since when it is as it stands is told by the position of its last event. */
export const namespaceObject = (
  { uid, name, labels, annotations, createdAt }: Namespace,
  position: bigint,
): NamespaceObject => ({
  kind: 'Namespace',
  apiVersion: 'v1',
  metadata: {
    name,
    uid,
    resourceVersion: `${position}`,
    creationTimestamp: kubernetesTime(createdAt),
    labels: { ...labels, [nameLabel]: name },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
})

const heldIn = (ledger: Ledger, name: string): ReadonlyArray<number> =>
  [
    ledger.list().find(({ state }) => state._tag === 'Job' && state.namespace === name),
    ledger.cronJobs.list().find(({ state }) => state._tag === 'CronJob' && state.namespace === name),
  ].flatMap((view) => (view !== undefined && 'createdAt' in view.state ? [view.state.createdAt] : []))

/** Pods of nobody, and those that outlive their Job. */
const hasPods = (ledger: Ledger, name: string): boolean =>
  ledger.freePods.list().some(({ state }) => state._tag === 'FreePod' && state.namespace === name) ||
  ledger.all().some(({ state }) => state._tag === 'Job' && state.namespace === name && state.live > 0)

const namesHeld = (ledger: Ledger): ReadonlyArray<string> =>
  [...ledger.list(), ...ledger.cronJobs.list()].flatMap(({ state }) => ('namespace' in state ? [state.namespace] : []))

/** What is sent is past its JSON only. */
const textsOf = (given: Readonly<Record<string, string>> | null | undefined): Readonly<Record<string, string>> =>
  given ?? {}

/** A namespace is one label of a domain name. */
const errorsOf = (metadata: Shape<'ObjectMeta'>): FieldErrors => {
  const { name = '', labels, annotations } = metadata
  return [
    ...(name === ''
      ? [required('metadata.name', 'name or generateName is required')]
      : invalidFor('metadata.name', name, dnsLabel(name))),
    ...metadataErrors(
      {
        name: 'checked',
        ...(labels === undefined ? {} : { labels }),
        ...(annotations === undefined ? {} : { annotations }),
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
