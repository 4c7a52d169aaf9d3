import { canonicalForm } from '../../domain/kubernetes/canonical-form.ts'
import { changedMetadata } from '../../domain/kubernetes/changed-job.ts'
import { type FieldErrors, invalidFor, invalidWithoutValue } from '../../domain/kubernetes/field-error.ts'
import type { StoredForm, StoredKind } from '../../domain/kubernetes/stored-kinds/stored-kind.ts'
import { metadata as metadataErrors } from '../../domain/kubernetes/validation/metadata.ts'
import { changedMetadataErrors } from '../../domain/kubernetes/validation/metadata-update.ts'
import { userMetadata } from '../../domain/kubernetes/with-defaults.ts'
import { sameValue } from '../../domain/same-value.ts'
import { missingAnnotation, referenceOf, sealedForm } from '../../domain/stored-object/sealed-form.ts'
import { decideStoredObject, type StoredObjectCommand } from '../../domain/stored-object/decide.ts'
import { evolveStoredObject, type Json, type StoredObject } from '../../domain/stored-object/stored-object.ts'
import { E, TE } from '../../prelude.ts'
import { kubernetesTime } from '../../projections/time.ts'
import { type StoredObjectShown, type StoredObjectView } from '../../projections/stored-object-view.ts'
import type { Ledger } from '../log/ledger.ts'
import { namesUnderWay } from '../log/names-under-way.ts'
import type { Clock } from '../ports/clock.ts'
import type { Entropy } from '../ports/entropy.ts'
import type { SecretVault } from '../ports/secret-vault.ts'
import type { StoredObjectWriter } from '../objects/stored-object-writer.ts'
import { whenApplied } from '../log/when-applied.ts'
import { outdated } from './failures.ts'
import type { ApiFailure, Asked, Resource } from './resource.ts'

export type StoredObjectsPorts = {
  readonly ledger: Ledger
  readonly writer: StoredObjectWriter
  readonly clock: Clock
  readonly entropy: Entropy
  readonly vault: SecretVault
}

/** Objects of one kind that are only kept, as the API serves them: one stream each. */
export const storedObjectsResource = (ports: StoredObjectsPorts, kind: StoredKind): Resource<StoredObjectShown> => {
  const { ledger, writer, clock, entropy, vault } = ports
  const underWay = namesUnderWay()
  const { resource } = kind
  const canonical = canonicalForm(kind.kind)

  const find = (namespace: string, name: string): Present | null =>
    presentOf(ledger, ledger.objects.find(resource, namespace, name))
  const get = (namespace: string, name: string): StoredObjectShown | null => find(namespace, name)?.object ?? null

  const write = async (
    uid: string,
    command: StoredObjectCommand,
    { actor }: Asked,
  ): Promise<E.Either<Refusal, null>> => {
    const isNew = command.type === 'CreateObject'
    const written = await writer.handle(uid, command, { actor, ...(isNew && { isNew }) })()
    if (E.isLeft(written)) return written
    if (written.right.position !== null) await whenApplied(ledger, written.right.position)
    if (written.right.events.some(({ type }) => type === 'ObjectDeleted')) writer.release(uid)
    return E.right(null)
  }

  /** The form as the log may have it; what it may not is in the vault before the log says so. */
  const keep = async (uid: string, form: StoredForm): Promise<E.Either<ApiFailure, Json>> => {
    if (kind.isSealed !== true) return E.right(form)
    const { text, parts, at } = sealedForm(form)
    const kept = text === null ? E.right(null) : await vault.keep(uid, text, parts)
    return E.isLeft(kept) ? E.left({ _tag: 'Unavailable', reason: kept.left }) : E.right(at(kept.right))
  }
  const confirm = async (form: Json): Promise<void> => {
    const reference = referenceOf(form)
    if (reference !== null) await vault.confirm(reference)
  }
  const forget = async (reference: string | null): Promise<void> => {
    if (reference !== null) await vault.forget(reference)
  }

  /** What is kept of an object that a client sent: nothing of what only the server says. */
  const formOf = (sent: StoredForm): StoredForm => {
    const { kind: _, apiVersion: _v, metadata = {}, ...rest } = canonical(sent) as StoredForm
    const { name: _n, namespace: _ns, ...own } = userMetadata(metadata)
    const form = { metadata: own, ...rest }
    return kind.withDefaults?.(form) ?? form
  }

  const create = (namespace: string, sent: unknown, asked: Asked): TE.TaskEither<ApiFailure, StoredObjectShown> => {
    const form = formOf(sent as StoredForm)
    const { name = '' } = (sent as StoredForm).metadata ?? {}
    const home = namespace === '' ? {} : { namespace }
    const metadata = { name, ...home, ...form.metadata }
    const errors = [
      ...metadataErrors(metadata, true),
      ...(kind.nameErrors === undefined ? [] : invalidFor('metadata.name', name, kind.nameErrors(name))),
      ...kind.validate({ ...form, metadata }, sentAs(sent)),
    ]
    if (errors.length > 0) return TE.left({ _tag: 'Invalid', errors })
    if (underWay.has(namespace, name) || find(namespace, name) !== null) return TE.left({ _tag: 'AlreadyExists' })
    const uid = entropy.uuid()
    if (asked.dryRun === true) {
      const system = { name, ...home, uid, creationTimestamp: kubernetesTime(clock.now()) }
      return TE.right({
        ...form,
        kind: kind.kind,
        apiVersion: kind.apiVersion,
        metadata: { ...system, ...form.metadata },
      })
    }
    return underWay.during({ namespace, name }, async () => {
      const kept = await keep(uid, form)
      if (E.isLeft(kept)) return kept
      const command = { type: 'CreateObject', resource, uid, namespace, name, form: kept.right } as const
      const written = await write(uid, command, asked)
      if (E.isLeft(written)) return E.left(failureOf(written.left))
      await confirm(kept.right)
      const object = get(namespace, name)
      return object === null ? E.left({ _tag: 'NotFound' }) : E.right(object)
    })
  }

  /** The object as it would be, or why it may not be so. */
  const changed = (
    { object }: Present,
    sent: StoredForm,
    part: 'main' | 'status',
  ): E.Either<ApiFailure, StoredForm> => {
    const { status: presentStatus, ...present } = object as StoredForm
    const { status, ...rest } = formOf(sent)
    const kept =
      kind.hasStatus !== true
        ? { ...rest, ...(status === undefined ? {} : { status }) }
        : part === 'main'
          ? { ...rest, ...(presentStatus === undefined ? {} : { status: presentStatus }) }
          : { ...present, ...(status === undefined ? {} : { status }) }
    const next: StoredForm = { ...kept, metadata: changedMetadata(sent.metadata ?? {}, object.metadata) }
    const errors = [
      ...versionErrors(kind, sent),
      ...changedMetadataErrors(next.metadata ?? {}, object.metadata, { whole: 1, change: 1 }),
      ...kind.validate(next, sentAs(sent)),
      ...(kind.validateChange?.(next, object, sentAs(sent)) ?? []),
    ]
    return errors.length > 0 ? E.left({ _tag: 'Invalid', errors }) : E.right(next)
  }

  const change: NonNullable<Resource<StoredObjectShown>['change']> =
    ({ namespace, name, part }, wanted, asked) =>
    async () => {
      for (let tries = 1; ; tries += 1) {
        const present = find(namespace, name)
        if (present === null) return E.left({ _tag: 'NotFound' })
        const sent = wanted(present.object)
        if (E.isLeft(sent)) return sent
        const next = changed(present, sent.right as StoredForm, part)
        if (E.isLeft(next)) return next
        const form = formOf(next.right)
        if (asked.dryRun === true) return E.right(as(present.object, form))
        if (isMissing(present.object)) return E.left({ _tag: 'Unavailable', reason: valuesMissing })
        const kept = await keep(present.state.uid, form)
        if (E.isLeft(kept)) return kept
        if (sameValue(kept.right, present.state.form)) return E.right(as(present.object, form))
        const command = { type: 'ChangeObject', form: kept.right, seen: present.state.version } as const
        const written = await write(present.state.uid, command, asked)
        const [before, after] = [referenceOf(present.state.form), referenceOf(kept.right)]
        if (E.isRight(written)) {
          await confirm(kept.right)
          const left = get(namespace, name)
          if (before !== after) await forget(before)
          if (left?.metadata.uid !== present.state.uid) await forget(after)
          return E.right(left ?? as(present.object, form))
        }
        if (written.left._tag === 'ObjectOutdated' && before !== after) await forget(after)
        if (written.left._tag !== 'ObjectOutdated' || tries === triesMax) return E.left(failureOf(written.left))
        await whenNewer(ledger, present)
      }
    }

  const remove: NonNullable<Resource<StoredObjectShown>['remove']> =
    (namespace, name, { propagation }, asked) =>
    async () => {
      const present = find(namespace, name)
      if (present === null) return E.left({ _tag: 'NotFound' })
      const { state, object } = present
      const command = {
        type: 'DeleteObject',
        ...(propagation !== undefined && kind.isApart !== true && { propagation }),
      } as const
      const expected = decideStoredObject(command, { at: clock.now() })(state)
      if (E.isLeft(expected)) return E.left(failureOf(expected.left))
      const next = presentOf(ledger, { ...present, state: evolveStoredObject(state, expected.right) })
      if (asked.dryRun === true) return E.right({ gone: next === null, object: next?.object ?? object })
      const written = await write(state.uid, command, asked)
      if (E.isLeft(written)) return E.left(failureOf(written.left))
      const left = get(namespace, name)
      if (left?.metadata.uid === state.uid) return E.right({ gone: false, object: left })
      await forget(referenceOf(state.form))
      /** It may have waited for nobody, and be gone since: then it is told how it has waited. */
      return E.right({ gone: next === null, object: next?.object ?? object })
    }

  return {
    get,
    list: listStoredObjects(ledger, resource),
    withDefaults: (sent) => formOf(sent as StoredForm),
    create,
    change,
    remove,
  }
}

/** An object that is there, with what is kept of it. */
type Present = { readonly object: StoredObjectShown; readonly state: StoredObject; readonly position: bigint }

/** The objects of one such resource of a ledger, in the order of lists. */
export const listStoredObjects =
  (ledger: Ledger, resource: string): Resource<StoredObjectShown>['list'] =>
  (namespace) =>
    ledger.objects
      .list(resource, namespace)
      .flatMap((view) => ledger.objects.shown(view) ?? [])
      .sort(byPlace)

const presentOf = ({ objects }: Pick<Ledger, 'objects'>, view: StoredObjectView | null): Present | null => {
  const object = view === null ? null : objects.shown(view)
  return view?.state._tag === 'StoredObject' && object !== null
    ? { object, state: view.state, position: view.position }
    : null
}

const sentAs = (sent: unknown): string => {
  const { apiVersion } = sent as StoredForm
  return typeof apiVersion === 'string' ? apiVersion : ''
}

const isMissing = ({ metadata }: StoredObjectShown): boolean => metadata.annotations?.[missingAnnotation] !== undefined

const valuesMissing =
  'the values of this Secret are in the data folder of the machine that wrote it, with the key to them: it can be changed there only'

/** The object with another form, at the version that it has. */
const as = ({ kind, apiVersion, metadata }: StoredObjectShown, form: StoredForm): StoredObjectShown => {
  const { labels: _l, annotations: _a, finalizers: _f, ownerReferences: _o, ...system } = metadata
  return { kind, apiVersion, ...form, metadata: { ...system, ...form.metadata } }
}

/** A change that loses this many races meets something else. */
const triesMax = 10

const whenNewer = (ledger: Ledger, { state, position }: Present): Promise<void> =>
  (ledger.objects.getByUid(state.uid)?.position ?? position) > position
    ? Promise.resolve()
    : whenApplied(ledger, ledger.position() + 1n)

const versionErrors = ({ needsVersion }: StoredKind, { metadata }: StoredForm): FieldErrors =>
  needsVersion === true && !metadata?.resourceVersion
    ? [invalidWithoutValue('metadata.resourceVersion', '0x0: must be specified for an update')]
    : []

const compare = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0)

const byPlace = ({ metadata: a }: StoredObjectShown, { metadata: b }: StoredObjectShown): number =>
  compare(a.namespace, b.namespace) || compare(a.name, b.name)

type Refusal = Extract<Awaited<ReturnType<ReturnType<StoredObjectWriter['handle']>>>, { readonly _tag: 'Left' }>['left']

const failureOf = (failure: Refusal): ApiFailure => {
  switch (failure._tag) {
    case 'ObjectAlreadyExists':
      return { _tag: 'AlreadyExists' }
    case 'ObjectNotFound':
      return { _tag: 'NotFound' }
    case 'ObjectOutdated':
    case 'WrongExpectedRevision':
      return { _tag: 'Conflict', detail: outdated }
    case 'UnknownOutcome':
    case 'StoreUnavailable':
      return { _tag: 'Unavailable', reason: failure.reason }
  }
}
