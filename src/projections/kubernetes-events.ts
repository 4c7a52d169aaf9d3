import type { EventObject } from '../domain/kubernetes/event-object.ts'
import { podIdentities } from '../domain/job/pod-identity.ts'
import { outcomeMessages } from './job-object.ts'
import type { Recorded } from './recorded.ts'
import { kubernetesTime } from './time.ts'

/**
 * [9.1] The Kubernetes Events of the Job controller, from a Job's own history: nothing is stored for them. Thinned out as the
 * recorder does it (EV-1 to EV-3), so that a Job with many Pods shows as many Events as a cluster would.
 */
export const kubernetesEvents = (history: ReadonlyArray<Recorded>): ReadonlyArray<EventObject> => {
  const created = history.find(({ event }) => event.type === 'JobCreated')?.event
  if (created?.type !== 'JobCreated') return []
  const recorder = newRecorder(created)
  const identityOf = podIdentities(created)
  const names = new Map<number, string>()
  for (const { event, position } of history) {
    switch (event.type) {
      case 'PodCreated':
        names.set(event.pod, identityOf(event.pod, event.index).name)
        recorder.note('Normal', 'SuccessfulCreate', `Created pod: ${names.get(event.pod)}`, event.at, position)
        break
      case 'PodDeletionRequested':
        if (event.by === 'controller')
          recorder.note('Normal', 'SuccessfulDelete', `Deleted pod: ${names.get(event.pod)}`, event.at, position)
        break
      case 'JobSynced':
        if (event.suspended === true) recorder.note('Normal', 'Suspended', 'Job suspended', event.at, position)
        if (event.suspended === false) recorder.note('Normal', 'Resumed', 'Job resumed', event.at, position)
        break
      case 'JobCompleted':
        if (created.terms.completions !== null && event.counts.succeeded > created.terms.completions)
          recorder.note('Warning', 'TooManySucceededPods', tooMany, event.at, position)
        recorder.note('Normal', 'Completed', 'Job completed', event.at, position)
        break
      case 'JobFailed':
        recorder.note('Warning', event.reason, outcomeMessages[event.reason], event.at, position)
        break
      default:
    }
  }
  return recorder.events()
}

const tooMany = 'Too many succeeded pods running after completion count reached'

type Owner = { readonly uid: string; readonly name: string; readonly namespace: string }
type Slot = {
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  first: number
  last: number
  count: number
  position: bigint
}

/** EV-2: from the tenth message of a kind on they are folded into one, until the kind was silent for this time. */
const similarMax = 9
const similarWindowMs = 600_000
/** EV-3: a burst of 25 for an object, then one more every five minutes. */
const burst = 25
const refillMs = 300_000

const newRecorder = (owner: Owner) => {
  const slots: Slot[] = []
  const same = new Map<string, Slot>()
  const similar = new Map<string, { last: number; readonly messages: Set<string> }>()
  let tokens = burst
  let refilledAt = 0

  const spend = (at: number): boolean => {
    if (tokens === burst) refilledAt = at
    const refills = Math.floor((at - refilledAt) / refillMs)
    tokens = Math.min(burst, tokens + refills)
    refilledAt += refills * refillMs
    if (tokens === 0) return false
    tokens -= 1
    return true
  }

  const messageOf = (type: string, reason: string, message: string, at: number): string => {
    const kind = `${type}/${reason}`
    const known = similar.get(kind)
    if (known === undefined || at - known.last > similarWindowMs) {
      similar.set(kind, { last: at, messages: new Set([message]) })
      return message
    }
    known.last = at
    if (known.messages.size <= similarMax) known.messages.add(message)
    return known.messages.size > similarMax ? `(combined from similar events): ${message}` : message
  }

  return {
    note: (type: 'Normal' | 'Warning', reason: string, text: string, at: number, position: bigint): void => {
      const message = messageOf(type, reason, text, at)
      if (!spend(at)) return
      const combined = message !== text
      const key = combined ? `${type}/${reason}/combined` : `${type}/${reason}/${message}`
      const slot = same.get(key)
      if (slot !== undefined) {
        slot.count += 1
        slot.last = at
        slot.message = message
        return
      }
      const made: Slot = { type, reason, message, first: at, last: at, count: 1, position }
      same.set(key, made)
      slots.push(made)
    },
    events: (): ReadonlyArray<EventObject> => slots.map((slot) => eventObject(owner, slot)),
  }
}

const eventObject = ({ uid, name, namespace }: Owner, slot: Slot): EventObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: {
    name: `${name}.${slot.position.toString(16).padStart(16, '0')}`,
    namespace,
    creationTimestamp: kubernetesTime(slot.first),
  },
  involvedObject: { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion: `${slot.position}` },
  type: slot.type,
  reason: slot.reason,
  message: slot.message,
  source: { component: 'job-controller' },
  firstTimestamp: kubernetesTime(slot.first),
  lastTimestamp: kubernetesTime(slot.last),
  count: slot.count,
  reportingComponent: 'job-controller',
  reportingInstance: '',
})
