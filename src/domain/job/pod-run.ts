import * as t from 'io-ts'
import { int } from '../codecs.ts'
import type { PodObservation } from './observations.ts'

/** The place under which a Pod was started: the runtime knows it by that as long as it runs, whoever has it. */
export const PodPlace = t.strict({ job: t.string, pod: int }, 'PodPlace')
export type PodPlace = t.TypeOf<typeof PodPlace>

/** What goes along with a Pod that runs here when it changes hands: its node, its place, and all that was seen of it. */
export type PodRun = {
  readonly node: string
  readonly place: PodPlace
  readonly observations: ReadonlyArray<PodObservation>
}

/** Restarts of containers that the observations presuppose and do not tell. */
export const untoldRestarts = (observations: ReadonlyArray<PodObservation>): number => {
  const highest = new Map<number, number>()
  let told = 0
  for (const seen of observations) {
    if (seen.type !== 'ProcessStarted' && seen.type !== 'ContainerExited') continue
    if (seen.type === 'ProcessStarted' && seen.restart > 0) told += 1
    highest.set(seen.container, Math.max(highest.get(seen.container) ?? 0, seen.restart))
  }
  return [...highest.values()].reduce((sum, restart) => sum + restart, 0) - told
}
