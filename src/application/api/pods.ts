import { canonicalForm } from '../../domain/kubernetes/canonical-form.ts'
import { podReport, type ReportedStatus } from '../../domain/kubernetes/pod-report.ts'
import type { PodObject } from '../../domain/kubernetes/pod-object.ts'
import { containerNames } from '../../domain/job/job-terms.ts'
import { livePods } from '../../domain/job/pod-columns.ts'
import { sameValue } from '../../domain/same-value.ts'
import { E } from '../../prelude.ts'
import type { JobView } from '../../projections/job-view.ts'
import { podObject } from '../../projections/pod-object.ts'
import type { JobWriter } from '../job-writer.ts'
import type { Ledger } from '../ledger.ts'
import type { PodRef } from '../ports/pod-runtime.ts'
import { whenApplied } from '../when-applied.ts'
import { apiFailure } from './failures.ts'
import type { Resource } from './resource.ts'

export type PodsPorts = { readonly ledger: Ledger; readonly writer: JobWriter }

/** The Pods of all Jobs as the API serves them, also those that outlive their Job. */
export const podsResource = ({ ledger, writer }: PodsPorts): Resource<PodObject> => {
  const places = podPlaces(ledger)

  const present = (namespace: string, name: string) => {
    const place = places.find(namespace, name)
    const view = place === null ? null : ledger.getByUid(place.job)
    const object = place === null || view === null ? null : podObject(view, place.pod)
    return place === null || view === null || object === null ? null : { place, view, object }
  }

  const change: NonNullable<Resource<PodObject>['change']> =
    ({ namespace, name, part }, wanted, { actor, dryRun }) =>
    async () => {
      const now = present(namespace, name)
      if (now === null || part !== 'status') return E.left({ _tag: 'NotFound' })
      const sent = wanted(now.object)
      if (E.isLeft(sent)) return sent
      const status = statusOf(sent.right)
      if (sameValue(status, statusOf(now.object))) return E.right(now.object)
      if (dryRun === true) return E.right({ ...now.object, status: status as PodObject['status'] })
      const report = podReport(status, containersOf(now.view))
      const { job, pod } = now.place
      const written = await writer.handle(job, { type: 'ReportPod', pod, report, status }, { actor })()
      if (E.isLeft(written)) return E.left(apiFailure(written.left))
      if (written.right.position !== null) await whenApplied(ledger, written.right.position)
      return E.right(present(namespace, name)?.object ?? now.object)
    }

  const remove: NonNullable<Resource<PodObject>['remove']> =
    (namespace, name, { graceSeconds = null }, { actor, dryRun }) =>
    async () => {
      const now = present(namespace, name)
      if (now === null) return E.left({ _tag: 'NotFound' })
      if (dryRun === true) return E.right({ gone: true, object: now.object })
      const { job, pod } = now.place
      const written = await writer.handle(job, { type: 'DeletePod', pod, graceSeconds }, { actor })()
      if (E.isLeft(written)) return E.left(apiFailure(written.left))
      if (written.right.position !== null) await whenApplied(ledger, written.right.position)
      const after = present(namespace, name)?.object ?? null
      return E.right({ gone: after === null, object: after ?? now.object })
    }

  return {
    get: (namespace, name) => present(namespace, name)?.object ?? null,
    list: (namespace) =>
      ledger
        .all()
        .flatMap((view) => podsOf(view, namespace))
        .sort(
          (a, b) => compare(a.metadata.namespace, b.metadata.namespace) || compare(a.metadata.name, b.metadata.name),
        ),
    change,
    remove,
  }
}

/** As it is kept: without what a Pod does not have, and with nothing missing in a list. */
const statusOf = (pod: unknown): ReportedStatus & Readonly<Record<string, unknown>> => {
  const { status } = canonicalForm('Pod')(pod) as {
    readonly status?: ReportedStatus & Readonly<Record<string, unknown>>
  }
  return status ?? {}
}

const podsOf = (view: JobView, namespace: string | null): ReadonlyArray<PodObject> => {
  const { state } = view
  if (state._tag === 'NoJob' || state.live === 0 || (namespace !== null && state.namespace !== namespace)) return []
  return [...livePods(state.pods)].flatMap((pod) => podObject(view, pod) ?? [])
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const containersOf = ({ manifest }: JobView): ReadonlyArray<string> =>
  manifest === null ? [] : containerNames(manifest.spec)

/** Which Job and which number in it a Pod's name belongs to, kept with the news of the ledger. */
const podPlaces = (ledger: Ledger) => {
  const places = new Map<string, PodRef>()
  const names = new Map<string, string>()
  const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`
  const placeKey = ({ job, pod }: PodRef): string => `${job}/${pod}`
  const note = (
    view: JobView,
    event: { readonly type: string; readonly pod?: number; readonly name?: string },
  ): void => {
    const { state } = view
    if (state._tag === 'NoJob' || event.pod === undefined) return
    const place = { job: state.uid, pod: event.pod }
    if (event.type === 'PodCreated') {
      const key = keyOf(state.namespace, event.name ?? '')
      places.set(key, place)
      names.set(placeKey(place), key)
    } else if (event.type === 'PodRemoved') {
      const key = names.get(placeKey(place))
      if (key !== undefined) places.delete(key)
      names.delete(placeKey(place))
    }
  }
  for (const view of ledger.all()) notePresent(view, (name, pod) => note(view, { type: 'PodCreated', name, pod }))
  ledger.news$.subscribe((news) => {
    for (const { view, recorded } of news) for (const { event } of recorded) note(view, event)
  })
  return { find: (namespace: string, name: string): PodRef | null => places.get(keyOf(namespace, name)) ?? null }
}

const notePresent = (view: JobView, note: (name: string, pod: number) => void): void => {
  const { state } = view
  if (state._tag === 'NoJob') return
  for (const pod of livePods(state.pods)) {
    const name = podObject(view, pod)?.metadata.name
    if (name !== undefined) note(name, pod)
  }
}
