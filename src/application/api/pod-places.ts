import type { JobEvent } from '../../domain/job/events.ts'
import { livePods } from '../../domain/job/pod-columns.ts'
import type { JobView } from '../../projections/job-view.ts'
import { podObject } from '../../projections/pod-object.ts'
import type { Ledger } from '../log/ledger.ts'
import type { PodRef } from '../ports/pod-runtime.ts'

export type PodPlaces = {
  readonly find: (namespace: string, name: string) => PodRef | null
  /** Where the Pod was that a Job has let go last under this name. */
  readonly findLeft: (namespace: string, name: string) => PodRef | null
}

/** Which Job, and which number in it, the name of a Pod belongs to: kept with the news of the ledger. */
export const podPlaces = (ledger: Ledger): PodPlaces => {
  const places = new Map<string, PodRef>()
  const names = new Map<string, string>()
  const left = new Map<string, PodRef>()

  const put = (namespace: string, name: string, place: PodRef): void => {
    const key = keyOf(namespace, name)
    places.set(key, place)
    names.set(placeKey(place), key)
  }
  const take = (place: PodRef): void => {
    const key = names.get(placeKey(place))
    if (key !== undefined && placeKey(places.get(key) ?? place) === placeKey(place)) places.delete(key)
    names.delete(placeKey(place))
  }
  const note = ({ state }: JobView, event: JobEvent): void => {
    if (state._tag === 'NoJob' || !('pod' in event)) return
    const place = { job: state.uid, pod: event.pod }
    if (event.type === 'PodCreated' || event.type === 'PodAdopted') put(state.namespace, event.name, place)
    else if (event.type === 'PodRemoved' || event.type === 'PodReleased') {
      const key = names.get(placeKey(place))
      if (event.type === 'PodReleased' && key !== undefined) left.set(key, place)
      take(place)
    }
  }

  for (const view of ledger.all()) {
    const { state } = view
    if (state._tag === 'NoJob') continue
    for (const pod of livePods(state.pods)) {
      const name = podObject(view, pod)?.metadata.name
      if (name !== undefined) put(state.namespace, name, { job: state.uid, pod })
    }
  }
  ledger.news$.subscribe((news) => {
    for (const { view, recorded } of news) for (const { event } of recorded) note(view, event)
  })
  return {
    find: (namespace, name) => places.get(keyOf(namespace, name)) ?? null,
    findLeft: (namespace, name) => left.get(keyOf(namespace, name)) ?? null,
  }
}

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`
const placeKey = ({ job, pod }: PodRef): string => `${job}/${pod}`
