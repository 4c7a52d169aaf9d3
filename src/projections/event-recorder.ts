import type { EventObject } from '../domain/kubernetes/event-object.ts'
import { kubernetesTime } from './time.ts'

/**
 * The recorder of Kubernetes Events about one object, which thins them out per object (EV-1 to EV-3): `note` them in their order, then
 * ask for what is left.
 */
export const eventRecorder = (about: EventSubject, memory: Memory = emptyMemory()): EventRecorder => {
  const { same, similar } = memory
  let { tokens, refilledAt } = memory

  const spend = (at: number): boolean => {
    if (tokens === burst) refilledAt = at
    const refills = Math.floor((at - refilledAt) / refillMs)
    tokens = Math.min(burst, tokens + refills)
    refilledAt += refills * refillMs
    if (tokens === 0) return false
    tokens -= 1
    return true
  }

  /** Whether the message is folded into the one that stands for all of its kind. A text is made only when it is needed. */
  const isCombined = (kind: string, text: () => string, at: number): boolean => {
    const known = similar.get(kind)
    if (known === undefined || at - known.last > similarWindowMs) {
      similar.set(kind, { last: at, messages: new Set([text()]) })
      return false
    }
    known.last = at
    if (known.messages.size <= similarMax) known.messages.add(text())
    return known.messages.size > similarMax
  }

  return {
    note: (type, reason, given, at, position) => {
      const text = typeof given === 'string' ? () => given : given
      const combined = isCombined(`${type}/${reason}`, text, at)
      if (!spend(at)) return
      const message = combined ? `(combined from similar events): ${text()}` : text()
      const key = combined ? `${type}/${reason}/combined` : `${type}/${reason}/${message}`
      const slot = same.get(key)
      if (slot !== undefined) {
        same.set(key, { ...slot, count: slot.count + 1, last: at, lastPosition: position, message })
        return
      }
      same.set(key, { type, reason, message, first: at, last: at, count: 1, position, lastPosition: position })
    },
    events: () => [...same.values()].map((slot) => eventObject(about, slot)),
    latest: () =>
      [...same.values()].map((slot) => ({
        event: eventObject(about, slot),
        at: slot.last,
        position: slot.lastPosition,
      })),
    toldAt: (position) =>
      [...same.values()]
        .filter((slot) => slot.lastPosition === position)
        .map((slot) => ({ event: eventObject(about, slot), isNew: slot.count === 1 })),
    forget: (before) => {
      for (const [key, { last }] of same) if (last < before) same.delete(key)
    },
    copy: () =>
      eventRecorder(about, {
        same: new Map(same),
        similar: new Map(
          [...similar].map(([kind, { last, messages }]) => [kind, { last, messages: new Set(messages) }]),
        ),
        tokens,
        refilledAt,
      }),
  }
}

/** What a recorder goes by. */
type Memory = {
  readonly same: Map<string, Slot>
  readonly similar: Map<string, { last: number; readonly messages: Set<string> }>
  readonly tokens: number
  readonly refilledAt: number
}

const emptyMemory = (): Memory => ({ same: new Map(), similar: new Map(), tokens: burst, refilledAt: 0 })

/** The object that Events are about, and who tells them. */
export type EventSubject = {
  readonly kind: string
  readonly component: string
  readonly uid: string
  readonly name: string
  readonly namespace: string
}

export type EventRecorder = {
  readonly note: (
    type: 'Normal' | 'Warning',
    reason: string,
    text: string | (() => string),
    at: number,
    position: bigint,
  ) => void
  readonly events: () => ReadonlyArray<EventObject>
  /** The same Events, each with the time and the place in the log of what it told last. */
  readonly latest: () => ReadonlyArray<LatestEvent>
  /** The Events that what stands at this position of the log has made, or counted once more. */
  readonly toldAt: (position: bigint) => ReadonlyArray<ToldEvent>
  /** Lets go of the Events that told nothing since `before`. */
  readonly forget: (before: number) => void
  /** Another one that has noted the same, and goes its own way from there. */
  readonly copy: () => EventRecorder
}

export type ToldEvent = { readonly event: EventObject; readonly isNew: boolean }

export type LatestEvent = { readonly event: EventObject; readonly at: number; readonly position: bigint }

/** Events that are made one after the other while the history of an object goes on; none before the object is created. */
export type EventFold<Recorded> = Omit<EventRecorder, 'note' | 'copy'> & {
  readonly take: (recorded: Recorded) => void
  readonly copy: () => EventFold<Recorded>
}

/** The Events of an object whose recorder is known once it was created. */
export const eventFold = <Recorded>(
  recorder: () => EventRecorder | null,
  { take, copy }: Pick<EventFold<Recorded>, 'take' | 'copy'>,
): EventFold<Recorded> => ({
  take,
  copy,
  events: () => recorder()?.events() ?? [],
  latest: () => recorder()?.latest() ?? [],
  toldAt: (position) => recorder()?.toldAt(position) ?? [],
  forget: (before) => recorder()?.forget(before),
})

type Slot = {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  readonly first: number
  readonly last: number
  readonly count: number
  readonly position: bigint
  readonly lastPosition: bigint
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
