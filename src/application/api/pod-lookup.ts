import { livePods } from '../../domain/job/pod-columns.ts'
import type { PodObject } from '../../domain/kubernetes/pod-object.ts'
import { freePodObject, type FreePodView } from '../../projections/free-pod-view.ts'
import type { JobView } from '../../projections/job-view.ts'
import { podObject, releasedPod } from '../../projections/pod-object.ts'
import { isInTransit, isTaken, podsInTransit } from '../pods/holder-of.ts'
import type { Ledger } from '../log/ledger.ts'
import type { PodPlaces } from './pod-places.ts'

/** A Pod as the API serves it, and where it is kept. */
export type Found =
  | {
      readonly _tag: 'OfJob'
      readonly object: PodObject
      readonly view: JobView
      readonly place: { readonly job: string; readonly pod: number }
    }
  | { readonly _tag: 'Free'; readonly object: PodObject; readonly view: FreePodView }

/** The Pod of a Job that has this name. */
export const ofJob = (ledger: Ledger, places: PodPlaces, namespace: string, name: string): Found | null => {
  const place = places.find(namespace, name)
  const view = place === null ? null : ledger.getByUid(place.job)
  const object = place === null || view === null ? null : podObject(view, place.pod)
  return place === null || view === null || object === null ? null : { _tag: 'OfJob', object, view, place }
}

/** The Pod of nobody that has this name. */
export const free = (ledger: Ledger, namespace: string, name: string): Found | null => {
  const view = ledger.freePods.find(namespace, name)
  const object = view === null ? null : visible(view, namespace, ledger)
  return view === null || object === null ? null : { _tag: 'Free', object, view }
}

/** A Pod that its Job has let go and that has no stream of its own for a moment. */
export const leaving = (ledger: Ledger, places: PodPlaces, namespace: string, name: string): PodObject | null => {
  const place = places.findLeft(namespace, name)
  const view = place === null ? null : ledger.getByUid(place.job)
  if (place === null || view?.state._tag !== 'Job' || !isInTransit(view.state, place.pod, ledger)) return null
  return releasedPod(view, place.pod)?.object ?? null
}

/** A Pod that was given away is shown here until the Job has it. */
export const visible = (view: FreePodView, namespace: string | null, ledger: Ledger): PodObject | null => {
  const { state } = view
  if (state._tag === 'NoFreePod' || (namespace !== null && state.namespace !== namespace)) return null
  return isTaken(state, ledger) ? null : freePodObject(view)
}

/** The Pods that the Job has, if it is in this namespace (null: any). */
export const podsOf = (view: JobView, namespace: string | null): ReadonlyArray<PodObject> => {
  const { state } = view
  if (state._tag === 'NoJob' || state.live === 0 || (namespace !== null && state.namespace !== namespace)) return []
  return [...livePods(state.pods)].flatMap((pod) => podObject(view, pod) ?? [])
}

/** The Pods that the Job has let go just now. */
export const podsLeaving = (view: JobView, namespace: string | null, ledger: Ledger): ReadonlyArray<PodObject> =>
  view.state._tag === 'NoJob' || (namespace !== null && view.state.namespace !== namespace)
    ? []
    : podsInTransit(view, ledger).flatMap((pod) => releasedPod(view, pod)?.object ?? [])
