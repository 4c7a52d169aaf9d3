import type { PodPlace } from '../job/pod-run.ts'
import type { FreePodEvent, FreePodEventOf } from './events.ts'

/** A Pod that no Job controls, as rules see it; its object is a projection. */
export type FreePod = Omit<FreePodEventOf<'FreePodReceived'>, 'type' | 'at'> & {
  readonly _tag: 'FreePod'
  /** The Job that takes it over; null: nobody. */
  readonly givenTo: string | null
  readonly isRemoved: boolean
  /** How often something has happened to it: who decides on an older one has to look again. */
  readonly version: number
  /** Where it runs here; null: clients run it, or nobody does yet. */
  readonly node: string | null
  /** By which the runtime knows it there. */
  readonly place: PodPlace
  /** A process of it was recorded. */
  readonly isLaunched: boolean
}

/** There never was one with this uid. */
export type NoFreePod = { readonly _tag: 'NoFreePod' }
export const noFreePod: NoFreePod = { _tag: 'NoFreePod' }

export type FreePodState = FreePod | NoFreePod

/** Whether a Job may take it over (rule 8.1). */
export const isAdoptable = (pod: FreePod): boolean => !pod.isRemoved && pod.givenTo === null && pod.deletion === null

export const evolveFreePod = (state: FreePodState, events: ReadonlyArray<FreePodEvent>): FreePodState =>
  events.reduce((before, event) => {
    const after = evolve(before, event)
    return after._tag === 'FreePod' ? { ...after, version: versionOf(before) + 1 } : after
  }, state)

const versionOf = (state: FreePodState): number => (state._tag === 'FreePod' ? state.version : 0)

const evolve = (state: FreePodState, event: FreePodEvent): FreePodState => {
  if (event.type === 'FreePodReceived') {
    const { type: _, at: _at, ...received } = event
    const unheard = { givenTo: null, isRemoved: false, version: 0, node: null, isLaunched: false }
    return { _tag: 'FreePod', ...received, ...unheard, place: { job: event.uid, pod: 0 } }
  }
  if (state._tag === 'NoFreePod') return state
  switch (event.type) {
    case 'FreePodFormRecorded':
      return state
    case 'FreePodChanged':
      return { ...state, hasNode: event.hasNode || state.node !== null, hasFinalizers: event.hasFinalizers }
    case 'FreePodStatusRecorded':
      return state.node === null ? { ...state, hasEnded: event.hasEnded } : state
    case 'FreePodPlaced':
      return { ...state, node: event.node, hasNode: true }
    case 'FreePodRunTakenOver':
      return { ...state, node: event.node, hasNode: true, place: event.place }
    case 'FreePodObserved': {
      const { type } = event.observation
      return {
        ...state,
        isLaunched: state.isLaunched || type === 'ProcessStarted' || type === 'PodStarted',
        hasEnded: state.hasEnded || type === 'PodSucceeded' || type === 'PodFailed',
      }
    }
    case 'FreePodDeletionRequested':
      return { ...state, deletion: { at: state.deletion?.at ?? event.at, graceSeconds: event.graceSeconds } }
    case 'FreePodRemoved':
      return { ...state, isRemoved: true }
    case 'FreePodGivenAway':
      return { ...state, givenTo: event.to }
    case 'FreePodTakenBack':
      return { ...state, givenTo: null }
  }
}
