import type { EventObject } from '../domain/kubernetes/event-object.ts'
import { kubernetesTime } from './time.ts'

/** What was told about one object, thinned out as recorders of Kubernetes do it (EV-1 to EV-3). A value: nothing writes to it. */
export type EventBook = {
  readonly about: EventSubject
  readonly slots: ReadonlyArray<Slot>
  readonly kinds: ReadonlyArray<Kind>
  readonly tokens: number
  readonly refilledAt: number
}

/** The object that Events are about, and who tells them. */
export type EventSubject = {
  readonly kind: string
  readonly component: string
  readonly uid: string
  readonly name: string
  readonly namespace: string
}

/** A text is made only when somebody will see it. */
export type Note = {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly text: string | (() => string)
  readonly at: number
  readonly position: bigint
}

export const newEventBook = (about: EventSubject): EventBook => ({
  about,
  slots: [],
  kinds: [],
  tokens: burst,
  refilledAt: 0,
})

/** The book with one more note. Notes come in the order of the log. */
export const noted = (book: EventBook, note: Note): EventBook => {
  const kind = kindAfter(book.kinds, note)
  const kinds = replaced(book.kinds, (one) => isOfKind(one, note), kind)
  const purse = refilled(book, note.at)
  if (purse.tokens === 0) return { ...book, ...purse, kinds }
  const isCombined = kind.messages.length > similarMax
  const message = isCombined ? `(combined from similar events): ${textOf(note)}` : textOf(note)
  const isSame = (slot: Slot): boolean =>
    isOfKind(slot, note) && slot.isCombined === isCombined && (isCombined || slot.message === message)
  const { type, reason, at, position } = note
  const known = book.slots.find(isSame)
  const slot: Slot =
    known === undefined
      ? { type, reason, message, isCombined, first: at, last: at, count: 1, position, lastPosition: position }
      : { ...known, message, last: at, count: known.count + 1, lastPosition: position }
  return {
    ...book,
    slots: replaced(book.slots, isSame, slot),
    kinds,
    tokens: purse.tokens - 1,
    refilledAt: purse.refilledAt,
  }
}

/** The book without the Events that told nothing since `before`. */
export const forgotten = (book: EventBook, before: number): EventBook =>
  book.slots.some(({ last }) => last < before)
    ? { ...book, slots: book.slots.filter(({ last }) => last >= before) }
    : book

/** Every Event of the book, the oldest first. */
export const eventsIn = ({ about, slots }: EventBook): ReadonlyArray<EventObject> =>
  slots.map((slot) => eventObject(about, slot))

/** The same Events, each with the time and the place in the log of what it told last. */
export const latestIn = ({ about, slots }: EventBook): ReadonlyArray<LatestEvent> =>
  slots.map((slot) => ({ event: eventObject(about, slot), at: slot.last, position: slot.lastPosition }))

/** The Events that what stands at this position of the log has made, or counted once more. */
export const toldAt = ({ about, slots }: EventBook, position: bigint): ReadonlyArray<ToldEvent> =>
  slots
    .filter((slot) => slot.lastPosition === position)
    .map((slot) => ({ event: () => eventObject(about, slot), isNew: slot.count === 1 }))

export type LatestEvent = { readonly event: EventObject; readonly at: number; readonly position: bigint }

export type ToldEvent = { readonly event: () => EventObject; readonly isNew: boolean }

/** What is shown as one Event. */
type Slot = {
  readonly type: Note['type']
  readonly reason: string
  readonly message: string
  /** It stands for all of its kind. */
  readonly isCombined: boolean
  readonly first: number
  readonly last: number
  readonly count: number
  readonly position: bigint
  readonly lastPosition: bigint
}

/** The messages of one type and reason, until the kind was silent for a while; no more of them than are needed. */
type Kind = {
  readonly type: Note['type']
  readonly reason: string
  readonly last: number
  readonly messages: ReadonlyArray<string>
}

/** EV-2: from the tenth message of a kind on they are folded into one, until the kind was silent for this time. */
const similarMax = 9
const similarWindowMs = 600_000
/** EV-3: a burst of 25 for an object, then one more every five minutes. */
const burst = 25
const refillMs = 300_000

const kindAfter = (kinds: ReadonlyArray<Kind>, note: Note): Kind => {
  const { type, reason, at: last } = note
  const known = kinds.find((one) => isOfKind(one, note))
  if (known === undefined || last - known.last > similarWindowMs)
    return { type, reason, last, messages: [textOf(note)] }
  if (known.messages.length > similarMax) return { ...known, last }
  const text = textOf(note)
  return { ...known, last, messages: known.messages.includes(text) ? known.messages : [...known.messages, text] }
}

const refilled = ({ tokens, refilledAt }: EventBook, at: number): Pick<EventBook, 'tokens' | 'refilledAt'> => {
  const since = tokens === burst ? at : refilledAt
  const refills = Math.floor((at - since) / refillMs)
  return { tokens: Math.min(burst, tokens + refills), refilledAt: since + refills * refillMs }
}

const textOf = ({ text }: Note): string => (typeof text === 'string' ? text : text())

type OfKind = Pick<Note, 'type' | 'reason'>

const isOfKind = (one: OfKind, other: OfKind): boolean => one.type === other.type && one.reason === other.reason

/** With the value in the place of the one that it replaces, or behind all. */
const replaced = <A>(list: ReadonlyArray<A>, isReplaced: (one: A) => boolean, value: A): ReadonlyArray<A> => {
  const place = list.findIndex(isReplaced)
  return place < 0 ? list.concat([value]) : list.with(place, value)
}

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
