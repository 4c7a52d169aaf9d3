export type Timetable<A> = {
  /** Puts `what` down for the time `at`; equal times keep the order of the calls. */
  readonly add: (at: number, what: A) => void
  /** Takes the earliest entry that is due at `now`. */
  readonly takeDue: (now: number) => Entry<A> | undefined
  /** When the earliest entry is due; `Infinity` when there is none. */
  readonly nextAt: () => number
  readonly clear: () => void
}

export type Entry<A> = { readonly at: number; readonly order: number; readonly what: A }

/**
 * A binary heap of things to do. The runtime keeps one of these and a single timer, because a timer for each Pod is dear:
 * a virtual clock sorts all its timers whenever one is added.
 */
export const timetable = <A>(): Timetable<A> => {
  const heap: Array<Entry<A>> = []
  let added = 0
  return {
    add: (at, what) => {
      heap.push({ at, order: added++, what })
      rise(heap, heap.length - 1)
    },
    takeDue: (now) => (heap.length === 0 || heap[0]!.at > now ? undefined : takeFirst(heap)),
    nextAt: () => heap[0]?.at ?? Number.POSITIVE_INFINITY,
    clear: () => {
      heap.length = 0
    },
  }
}

const isBefore = (a: Entry<unknown>, b: Entry<unknown>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

const rise = <A>(heap: Array<Entry<A>>, from: number): void => {
  const entry = heap[from]!
  let place = from
  while (place > 0) {
    const parent = (place - 1) >> 1
    if (!isBefore(entry, heap[parent]!)) break
    heap[place] = heap[parent]!
    place = parent
  }
  heap[place] = entry
}

const takeFirst = <A>(heap: Array<Entry<A>>): Entry<A> => {
  const taken = heap[0]!
  const last = heap.pop()!
  if (heap.length > 0) sink(heap, last)
  return taken
}

const sink = <A>(heap: Array<Entry<A>>, entry: Entry<A>): void => {
  let place = 0
  for (;;) {
    const left = 2 * place + 1
    if (left >= heap.length) break
    const right = left + 1
    const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left
    if (!isBefore(heap[child]!, entry)) break
    heap[place] = heap[child]!
    place = child
  }
  heap[place] = entry
}
