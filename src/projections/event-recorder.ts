import type { EventObject } from '../domain/kubernetes/event-object.ts'
import { kubernetesTime } from './time.ts'

/**
 * The recorder of Kubernetes Events about one object, which thins them out per object (EV-1 to EV-3): `note` them in their order, then
 * ask for what is left.
 */
export const eventRecorder = (about: EventSubject): EventRecorder => {
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
    events: (): ReadonlyArray<EventObject> => slots.map((slot) => eventObject(about, slot)),
  }
}

/** The object that Events are about, and who tells them. */
export type EventSubject = {
  readonly kind: string
  readonly component: string
  readonly uid: string
  readonly name: string
  readonly namespace: string
}

export type EventRecorder = {
  readonly note: (type: 'Normal' | 'Warning', reason: string, text: string, at: number, position: bigint) => void
  readonly events: () => ReadonlyArray<EventObject>
}

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

const eventObject = ({ uid, name, namespace, kind, component }: EventSubject, slot: Slot): EventObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: {
    name: `${name}.${slot.position.toString(16).padStart(16, '0')}`,
    namespace,
    creationTimestamp: kubernetesTime(slot.first),
  },
  involvedObject: { kind, namespace, name, uid, apiVersion: 'batch/v1', resourceVersion: `${slot.position}` },
  type: slot.type,
  reason: slot.reason,
  message: slot.message,
  source: { component },
  firstTimestamp: kubernetesTime(slot.first),
  lastTimestamp: kubernetesTime(slot.last),
  count: slot.count,
  reportingComponent: component,
  reportingInstance: '',
})
