import type { DeletePod } from '../../domain/job/commands.ts'
import { goQuote } from '../../domain/kubernetes/go-quote.ts'
import { canonicalForm } from '../../domain/kubernetes/canonical-form.ts'
import { changedMetadata } from '../../domain/kubernetes/changed-job.ts'
import { changedPod } from '../../domain/kubernetes/changed-pod.ts'
import type { PodObject, PodStatus } from '../../domain/kubernetes/pod-object.ts'
import { podAsRead, podWithDefaults } from '../../domain/kubernetes/pod-with-defaults.ts'
import type { Shape } from '../../domain/kubernetes/schema.ts'
import { validatePod, validatePodUpdate } from '../../domain/kubernetes/validate-pod.ts'
import { changedMetadataErrors } from '../../domain/kubernetes/validation/metadata-update.ts'
import { sameValue } from '../../domain/same-value.ts'
import { E, TE } from '../../prelude.ts'
import type { Actor } from '../../projections/recorded.ts'
import { kubernetesTime } from '../../projections/time.ts'
import type { FreePodWriter } from '../pods/free-pod-writer.ts'
import type { JobWriter } from '../jobs/job-writer.ts'
import type { Ledger } from '../log/ledger.ts'
import type { Clock } from '../ports/clock.ts'
import type { Entropy } from '../ports/entropy.ts'
import { namesUnderWay } from '../log/names-under-way.ts'
import { whenApplied } from '../log/when-applied.ts'
import { apiFailure, outdated } from './failures.ts'
import {
  asIfDeleted,
  boundPod,
  changeOf,
  deletedPod,
  evictedPod,
  freeBinding,
  freeChange,
  freeReport,
  type PodBinding,
  received,
  report,
} from './pod-commands.ts'
import { type Found, free, leaving, ofJob, podsLeaving, podsOf, visible } from './pod-lookup.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { podPlaces } from './pod-places.ts'
import type { ApiFailure, Asked, DeleteOptions, Resource } from './resource.ts'

export type PodsPorts = {
  readonly ledger: Ledger
  readonly writer: JobWriter
  readonly podWriter: FreePodWriter
  readonly entropy: Entropy
  readonly clock: Clock
}

export type Pods = Required<Resource<PodObject>> & {
  /** Gives a Pod that has no node to one. */
  readonly bind: (
    namespace: string,
    name: string,
    binding: PodBinding,
    asked: Asked,
  ) => TE.TaskEither<ApiFailure, PodObject>
  /** Deletes a Pod that has to make way: whoever judges its failure afterwards finds it disrupted. */
  readonly evict: (
    namespace: string,
    name: string,
    options: DeleteOptions,
    asked: Asked,
  ) => TE.TaskEither<ApiFailure, unknown>
}

/** All Pods as the API serves them: those of Jobs, also those that outlive their Job, and those that no Job controls. */
export const podsResource = ({ ledger, writer, podWriter, entropy, clock }: PodsPorts): Pods => {
  const places = podPlaces(ledger)
  const underWay = namesUnderWay()
  const inTurn = oneAtATime(ledger, 'pods')

  const get = (namespace: string, name: string): PodObject | null =>
    found(namespace, name)?.object ?? leaving(ledger, places, namespace, name)

  const found = (namespace: string, name: string): Found | null =>
    ofJob(ledger, places, namespace, name) ?? free(ledger, namespace, name)

  /** Writes what makes of the Pod what is wanted, and answers when that can be read. */
  const done = async (
    { object }: Found,
    written: Outcome,
  ): Promise<E.Either<ApiFailure, { readonly gone: boolean; readonly object: PodObject }>> => {
    if (E.isLeft(written)) return E.left(podFailure(written.left))
    if (written.right.position !== null) await whenApplied(ledger, written.right.position)
    const after = get(object.metadata.namespace, object.metadata.name)
    return E.right({ gone: after === null, object: after ?? deletedPod(object, 0, clock.now()) })
  }

  const create = (namespace: string, sent: unknown, { actor, dryRun }: Asked): TE.TaskEither<ApiFailure, PodObject> => {
    const given = podWithDefaults(sent as Shape<'Pod'>)
    const uid = entropy.uuid()
    const creationTimestamp = kubernetesTime(clock.now())
    const metadata = { ...given.metadata, namespace, uid, creationTimestamp, generation: 1 }
    const errors = validatePod({ ...given, metadata })
    if (errors.length > 0) return TE.left({ _tag: 'Invalid', errors })
    const form = { ...given, metadata } as unknown as PodObject
    const { name } = form.metadata
    if (underWay.has(namespace, name) || get(namespace, name) !== null) return TE.left({ _tag: 'AlreadyExists' })
    if (dryRun === true) return TE.right(form)
    return underWay.during({ namespace, name }, async () => {
      const written = await podWriter.handle(
        uid,
        { type: 'ReceivePod', ...received(form, uid) },
        { actor, isNew: true },
      )()
      if (E.isLeft(written)) return E.left(podFailure(written.left))
      if (written.right.position !== null) await whenApplied(ledger, written.right.position)
      return E.right(get(namespace, name) ?? form)
    })
  }

  const writeForm = (now: Found, next: PodObject, actor: Actor): Promise<Outcome> =>
    now._tag === 'OfJob'
      ? writer.handle(now.place.job, changeOf(now, next), { actor })()
      : podWriter.handle(uidOf(now), freeChange(now, next), { actor })()

  const writeStatus = (now: Found, next: PodObject, actor: Actor): Promise<Outcome> =>
    now._tag === 'OfJob'
      ? writer.handle(now.place.job, report(now, next), { actor })()
      : podWriter.handle(uidOf(now), freeReport(next), { actor })()

  const writeBoth = (now: Found, next: PodObject, actor: Actor): Promise<Outcome> =>
    now._tag === 'OfJob'
      ? writer.handle(
          now.place.job,
          { type: 'BindPod', change: changeOf(now, next), report: report(now, next) },
          { actor },
        )()
      : podWriter.handle(uidOf(now), freeBinding(now, next), { actor })()

  const change: NonNullable<Resource<PodObject>['change']> =
    ({ namespace, name, part }, wanted, { actor, dryRun }) =>
    async () => {
      const now = found(namespace, name)
      if (now === null) return E.left({ _tag: 'NotFound' })
      const sent = wanted(now.object)
      if (E.isLeft(sent)) return sent
      const object = part === 'status' ? withStatus(now.object, sent.right) : wholeOf(sent.right, now.object)
      const errors =
        part === 'status'
          ? changedMetadataErrors(metadataOf(object), metadataOf(now.object), { whole: 2, change: 2 })
          : validatePodUpdate(shapeOf(object), shapeOf(now.object))
      if (errors.length > 0) return E.left({ _tag: 'Invalid', errors })
      const isSame = sameValue(metadataOf(object), metadataOf(now.object))
      const isSameStatus = part === 'main' || sameValue(object.status, statusOf(now.object))
      if (isSame && isSameStatus && sameValue(object.spec, now.object.spec)) return E.right(now.object)
      if (dryRun === true) return E.right(object)
      const written = await (part === 'main' || isSameStatus
        ? writeForm(now, object, actor)
        : isSame
          ? writeStatus(now, object, actor)
          : writeBoth(now, object, actor))
      return toObject(await done(now, written))
    }

  const remove: NonNullable<Resource<PodObject>['remove']> =
    (namespace, name, { graceSeconds = null }, { actor, dryRun }) =>
    async () => {
      const now = found(namespace, name)
      if (now === null) return E.left({ _tag: 'NotFound' })
      if (dryRun === true) return E.right(asIfDeleted(now.object, graceSeconds, clock.now()))
      return done(
        now,
        now._tag === 'OfJob'
          ? await writer.handle(
              now.place.job,
              { type: 'DeletePod', pod: now.place.pod, graceSeconds } satisfies DeletePod,
              { actor },
            )()
          : await podWriter.handle(uidOf(now), { type: 'DeletePod', graceSeconds }, { actor })(),
      )
    }

  const bind: Pods['bind'] =
    (namespace, name, binding, { actor, dryRun }) =>
    async () => {
      const now = found(namespace, name)
      if (now === null) return E.left({ _tag: 'NotFound' })
      const detail = whyUnbindable(now)
      if (detail !== null) return E.left({ _tag: 'Conflict', detail })
      const next = boundPod(now.object, binding, clock.now())
      if (dryRun === true) return E.right(next)
      return toObject(await done(now, await writeBoth(now, next, actor)))
    }

  const evict: Pods['evict'] = (namespace, name, options, asked) => async () => {
    const now = found(namespace, name)
    if (now === null) return E.left({ _tag: 'NotFound' })
    const { actor, dryRun } = asked
    if (dryRun === true) return E.right(null)
    if (now._tag === 'OfJob' && !runsElsewhere(now)) {
      const { graceSeconds = null } = options
      const command = { type: 'EvictPod', pod: now.place.pod, graceSeconds } as const
      return done(now, await writer.handle(now.place.job, command, { actor })())
    }
    const next = evictedPod(now.object, clock.now())
    const told = await writeStatus(now, next, actor)
    return E.isLeft(told) ? E.left(podFailure(told.left)) : remove(namespace, name, options, asked)()
  }

  return {
    get,
    bind: (...asked) => inTurn(asked[0], asked[1], bind(...asked)),
    evict: (...asked) => inTurn(asked[0], asked[1], evict(...asked)),
    list: listPods(ledger),
    withDefaults: (sent) => podAsRead(sent as Shape<'Pod'>),
    create,
    change: (place, ...asked) => inTurn(place.namespace, place.name, change(place, ...asked)),
    remove,
  }
}

/** The Pods of a ledger, in the order of lists. */
export const listPods =
  (ledger: Ledger): Resource<PodObject>['list'] =>
  (namespace) =>
    [
      ...ledger.all().flatMap((view) => [...podsOf(view, namespace), ...podsLeaving(view, namespace, ledger)]),
      ...ledger.freePods.list().flatMap((view) => visible(view, namespace, ledger) ?? []),
    ].sort((a, b) => compare(a.metadata.namespace, b.metadata.namespace) || compare(a.metadata.name, b.metadata.name))

/** What a writer answers, of a Job or of a free Pod. */
type Outcome = E.Either<PodFailure, { readonly position: bigint | null }>

/** Whether a client runs the Pod. */
const runsElsewhere = ({ view: { state } }: Extract<Found, { readonly _tag: 'OfJob' }>): boolean =>
  state._tag === 'Job' && state.terms.podsRunElsewhere

/** Why nobody can give the Pod to a node, in the words of Kubernetes where it knows that; null: one can. */
const whyUnbindable = (now: Found): string | null => {
  const { metadata, spec } = now.object
  if (metadata.deletionTimestamp !== undefined)
    return `pod ${metadata.name} is being deleted, cannot be assigned to a host`
  if ((spec.nodeName ?? '') !== '')
    return `pod ${metadata.name} is already assigned to node ${goQuote(spec.nodeName ?? '')}`
  if ((spec.schedulingGates ?? []).length > 0) return `pod ${metadata.name} has non-empty .spec.schedulingGates`
  return now._tag === 'OfJob' && !runsElsewhere(now)
    ? `pod ${metadata.name} runs where this server runs it: make a node schedulable`
    : null
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const uidOf = ({ object }: Found): string => object.metadata.uid ?? ''

const shapeOf = (object: PodObject): Shape<'Pod'> => object as unknown as Shape<'Pod'>

const wholeOf = (sent: unknown, present: PodObject): PodObject =>
  changedPod(sent as Shape<'Pod'>, shapeOf(present)) as unknown as PodObject

/**
 * Its status as it is kept: without what a Pod does not have, and with nothing missing in a list. Of the metadata everything but the
 * owners can be written with it.
 */
const withStatus = (present: PodObject, sent: unknown): PodObject => {
  const { ownerReferences: _, ...metadata } = (sent as Shape<'Pod'>).metadata ?? {}
  const { ownerReferences } = metadataOf(present)
  const kept = { ...metadata, ...(ownerReferences === undefined ? {} : { ownerReferences }) }
  return {
    ...present,
    metadata: changedMetadata(kept, metadataOf(present)) as PodObject['metadata'],
    status: statusOf(sent),
  }
}

const metadataOf = (object: PodObject): Shape<'ObjectMeta'> => shapeOf(object).metadata ?? {}

const statusOf = (pod: unknown): PodStatus =>
  (canonicalForm('Pod')(pod) as { readonly status?: PodStatus }).status ?? ({} as PodStatus)

type PodFailure =
  | Parameters<typeof apiFailure>[0]
  | { readonly _tag: 'PodNotFound' | 'PodAlreadyExists' | 'PodNotAdoptable' | 'PodGivenAway' }

const podFailure = (failure: PodFailure): ApiFailure => {
  switch (failure._tag) {
    case 'PodAlreadyExists':
      return { _tag: 'AlreadyExists' }
    case 'PodGivenAway':
      return { _tag: 'Conflict', detail: outdated }
    case 'PodNotFound':
    case 'PodNotAdoptable':
      return { _tag: 'NotFound' }
    default:
      return apiFailure(failure)
  }
}

const toObject = (outcome: E.Either<ApiFailure, { readonly object: PodObject }>): E.Either<ApiFailure, PodObject> =>
  E.isLeft(outcome) ? outcome : E.right(outcome.right.object)
