import type { Ledger, Step } from '../log/ledger.ts'
import { type Change, changesOf, seenStep } from './changes.ts'
import type { EventsResource, ToldApiEvent } from './events.ts'

export type ChangeFeed = {
  /** Every change behind this position of the log is remembered. */
  readonly since: () => bigint
  /** The first piece of the log behind a position, of those that are remembered; null: there is none yet. */
  readonly next: (after: bigint) => Changes | null
  /** Hands over every piece that comes, until the answer is called. All who follow are given the same. */
  readonly follow: (take: (changes: Changes) => void) => () => void
}

/** What has changed in a piece of the log, of which `last` is the last position. */
export type Changes = { readonly all: () => ReadonlyArray<Change>; readonly last: bigint }

/**
 * What changes of the objects that the API shows. The changes of the latest `eventsMax` events of the log are remembered, so that those who come back find
 * what they missed; to be made before the ledger catches up. As long as nobody follows, objects are not made.
 */
export const changeFeed = (
  { ledger, events }: { readonly ledger: Ledger; readonly events: EventsResource },
  eventsMax = 10_000,
): ChangeFeed => {
  const remembered: Remembered[] = []
  const followers = new Set<(changes: Changes) => void>()
  let told: ToldApiEvent[] = []
  let size = 0
  let since = ledger.position()

  events.told$.subscribe((one) => void told.push(one))
  ledger.steps$.subscribe((step) => {
    const one = rememberedOf(step, told, ledger.objects.shown)
    told = []
    remembered.push(one)
    size += one.size
    while (size > eventsMax && remembered.length > 1) {
      const oldest = remembered.shift()
      size -= oldest?.size ?? 0
      since = oldest?.last ?? since
    }
    for (const take of followers) take(one)
  })

  return {
    since: () => since,
    next: (after) => remembered[placeBehind(remembered, after)] ?? null,
    follow: (take) => {
      // Each its own: who follows twice is heard twice.
      const one = (changes: Changes): void => take(changes)
      followers.add(one)
      return () => void followers.delete(one)
    },
  }
}

type Remembered = Changes & { readonly size: number }

const rememberedOf = (step: Step, told: ReadonlyArray<ToldApiEvent>, shown: Ledger['objects']['shown']): Remembered => {
  const seen = seenStep(step)
  let changes: ReadonlyArray<Change> | null = null
  return {
    size: step.events.length,
    last: step.events.at(-1)?.position ?? 0n,
    all: () => {
      changes ??= changesOf(seen, told, shown)
      return changes
    },
  }
}

/** Their positions rise, so the place is found by halving. */
const placeBehind = (remembered: ReadonlyArray<Remembered>, after: bigint): number => {
  let [low, high] = [0, remembered.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((remembered[middle]?.last ?? 0n) > after) high = middle
    else low = middle + 1
  }
  return low
}
