import type { Ledger, Step } from '../ledger.ts'
import { type Change, changesOf } from './changes.ts'
import type { EventsResource, ToldApiEvent } from './events.ts'

export type ChangeFeed = {
  /** Every change behind this position of the log is remembered. */
  readonly since: () => bigint
  /** Hands over the changes behind `after` that are remembered, then those that come, until the answer is called. */
  readonly follow: (after: bigint, take: (changes: ReadonlyArray<Change>) => void) => () => void
}

/**
 * What changes of the objects that the API shows. The changes of the latest `eventsMax` events of the log are remembered, so that those who come back find
 * what they missed; to be made before the ledger catches up. As long as nobody follows, objects are not made.
 */
export const changeFeed = (
  { ledger, events }: { readonly ledger: Ledger; readonly events: EventsResource },
  eventsMax = 10_000,
): ChangeFeed => {
  const remembered: Remembered[] = []
  const followers = new Set<(changes: ReadonlyArray<Change>) => void>()
  let told: ToldApiEvent[] = []
  let size = 0
  let since = ledger.position()

  events.told$.subscribe((one) => void told.push(one))
  ledger.steps$.subscribe((step) => {
    const one = rememberedOf(step, told)
    told = []
    remembered.push(one)
    size += step.events.length
    while (size > eventsMax && remembered.length > 1) {
      const oldest = remembered.shift()
      size -= oldest?.size ?? 0
      since = oldest?.last ?? since
    }
    for (const take of followers) take(one.changes())
  })

  return {
    since: () => since,
    follow: (after, take) => {
      const behind = (changes: ReadonlyArray<Change>): void => {
        const wanted = changes.filter(({ position }) => position > after)
        if (wanted.length > 0) take(wanted)
      }
      for (const one of remembered) if (one.last > after) behind(one.changes())
      followers.add(behind)
      return () => void followers.delete(behind)
    },
  }
}

type Remembered = {
  readonly size: number
  readonly last: bigint
  readonly changes: () => ReadonlyArray<Change>
}

const rememberedOf = (step: Step, told: ReadonlyArray<ToldApiEvent>): Remembered => {
  let changes: ReadonlyArray<Change> | null = null
  return {
    size: step.events.length,
    last: step.events.at(-1)?.position ?? 0n,
    changes: () => {
      changes ??= changesOf(step, told)
      return changes
    },
  }
}
