import type { Ledger } from '../log/ledger.ts'
import type { EventsResource } from './events.ts'

/** All that the API reads, folded up to one position of the log. */
export type World = { readonly ledger: Ledger; readonly events: EventsResource }

/**
 * Keeps how the world was at some positions, the present one first, then every so many events: what did not change since is shared with the present. When there are too many, every other one goes
 * and the next are twice as far apart, so that they are spread over the whole log and their number has a bound. The answer tells them, oldest first.
 */
export const keepCheckpoints = (
  { ledger, events }: World,
  { every = 10_000, checkpointsMax = 16, objectsMax = 400_000 }: CheckpointLimits = {},
): (() => ReadonlyArray<World>) => {
  let kept: ReadonlyArray<Checkpoint> = []
  let spacing = every
  let since = 0

  const keep = (): void => {
    const other = ledger.fork()
    kept = [...kept, { world: { ledger: other, events: events.forkOn(other) }, size: ledger.all().length }]
    since = 0
    while (kept.length > checkpointsMax || (kept.length > 2 && sizeOf(kept) > objectsMax)) {
      kept = kept.filter((_, place) => place % 2 === 0)
      spacing *= 2
    }
  }
  keep()
  ledger.steps$.subscribe((step) => {
    since += step.events.length
    if (since >= spacing) keep()
  })
  return () => kept.map(({ world }) => world)
}

/** An object costs about 200 bytes for each checkpoint, and once more what of it has changed since. */
export type CheckpointLimits = {
  readonly every?: number
  readonly checkpointsMax?: number
  readonly objectsMax?: number
}

type Checkpoint = { readonly world: World; readonly size: number }

const sizeOf = (checkpoints: ReadonlyArray<Checkpoint>): number => checkpoints.reduce((sum, { size }) => sum + size, 0)
