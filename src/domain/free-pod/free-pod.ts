import type { FreePodEvent, FreePodEventOf } from './events.ts'

/** A Pod that no Job controls, as rules see it; its object is a projection. */
export type FreePod = Omit<FreePodEventOf<'FreePodReceived'>, 'type' | 'at'> & {
  readonly _tag: 'FreePod'
  /** The Job that takes it over; null: nobody. */
  readonly givenTo: string | null
  readonly isRemoved: boolean
  /** How often something has happened to it: who decides on an older one has to look again. */
  readonly version: number
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
    return { _tag: 'FreePod', ...received, givenTo: null, isRemoved: false, version: 0 }
  }
  if (state._tag === 'NoFreePod') return state
  switch (event.type) {
    case 'FreePodFormRecorded':
      return state
    case 'FreePodChanged':
      return { ...state, hasNode: event.hasNode, hasFinalizers: event.hasFinalizers }
    case 'FreePodStatusRecorded':
      return { ...state, hasEnded: event.hasEnded }
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
