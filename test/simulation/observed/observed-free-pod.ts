import type { FreePodEvent } from '../../../src/domain/free-pod/events.ts'
import { applyMergePatch } from '../../../src/domain/merge-patch.ts'

type Form = {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>>; readonly finalizers?: ReadonlyArray<string> }
}

/** A Pod that no Job controls, as the log tells it. */
export type ObservedFreePod = {
  readonly uid: string
  form: Form
  /** Where it came from last: the Job that let it go and its number there. */
  from: { readonly job: string; readonly pod: number } | null
  givenTo: string | null
  /** Its stream has begun. */
  isBorn: boolean
  isDeleting: boolean
  isGone: boolean
  hasEnded: boolean
  graceSeconds: number | null
  hasNode: boolean
  /** It runs here. */
  isPlaced: boolean
}

export const newFreePod = (uid: string): ObservedFreePod => ({
  uid,
  form: { metadata: {} },
  from: null,
  givenTo: null,
  isBorn: false,
  isDeleting: false,
  isGone: false,
  hasEnded: false,
  graceSeconds: null,
  hasNode: false,
  isPlaced: false,
})

/** One more event of its stream. */
export const observeFreePod = (pod: ObservedFreePod, event: FreePodEvent): void => {
  switch (event.type) {
    case 'FreePodFormRecorded':
      pod.form = event.form as Form
      return
    case 'FreePodReceived': {
      const { from, hasEnded, hasNode, deletion } = event
      const graceSeconds = deletion?.graceSeconds ?? null
      return void Object.assign(pod, {
        from,
        hasEnded,
        hasNode,
        graceSeconds,
        givenTo: null,
        isPlaced: false,
        isBorn: true,
        isDeleting: deletion !== null,
      })
    }
    case 'FreePodChanged':
      pod.form = applyMergePatch(pod.form, event.patch) as Form
      pod.hasNode = event.hasNode
      return
    case 'FreePodStatusRecorded':
      pod.hasEnded = event.hasEnded
      return
    case 'FreePodPlaced':
    case 'FreePodRunTakenOver':
      pod.hasNode = true
      pod.isPlaced = true
      return
    case 'FreePodObserved':
      pod.hasEnded ||= event.observation.type === 'PodSucceeded' || event.observation.type === 'PodFailed'
      return
    case 'FreePodDeletionRequested':
      pod.isDeleting = true
      pod.graceSeconds = event.graceSeconds
      return
    case 'FreePodRemoved':
      pod.isGone = true
      return
    case 'FreePodGivenAway':
      pod.givenTo = event.to
      return
    case 'FreePodTakenBack':
      pod.givenTo = null
      return
  }
}

/** Nobody has it and nobody is about to. */
export const isFree = ({ givenTo, isGone }: ObservedFreePod): boolean => givenTo === null && !isGone
