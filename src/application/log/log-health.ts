import { E } from '../../prelude.ts'
import type { Ledger } from './ledger.ts'
import type { Clock } from '../ports/clock.ts'
import { beginning, type EventStore } from '../ports/event-store.ts'
import { whenApplied } from './when-applied.ts'

type HealthPorts = {
  readonly store: Pick<EventStore, 'readAllBackwards'>
  readonly ledger: Ledger
  readonly clock: Clock
}

/**
 * What is wrong with the log, as a sentence, or null: it cannot be read now, or its last event is not applied soon. Those who ask at the
 * same time get the same answer.
 */
export const logHealth = (ports: HealthPorts): (() => Promise<string | null>) => {
  let asking: Promise<string | null> | null = null
  return () => {
    asking ??= problemOf(ports).finally(() => {
      asking = null
    })
    return asking
  }
}

const problemOf = async ({ store, ledger, clock }: HealthPorts): Promise<string | null> => {
  const late = <A>(what: A): Promise<A> =>
    new Promise((resolve) => void clock.scheduler.schedule(() => resolve(what), patienceMs))
  const last = await Promise.race([store.readAllBackwards(1)(), late(null)])
  if (last === null) return `the log does not answer within ${patienceMs / 1000} seconds`
  if (E.isLeft(last)) return last.left.reason
  const end = last.right[0]?.position ?? beginning
  const isBehind = await Promise.race([whenApplied(ledger, end).then(() => false), late(true)])
  return isBehind ? `the log goes on to position ${end}, of which ${ledger.position()} is applied` : null
}

/** Who asks how we are waits no longer. */
const patienceMs = 2000
