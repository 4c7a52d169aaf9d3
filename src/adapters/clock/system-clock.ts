import { asyncScheduler } from 'rxjs'
import type { Clock } from '../../application/ports/clock.ts'

let latest = 0
let aheadMs = 0

/** More than the corrections by which a machine keeps its time: somebody has set it back. */
const setBackMs = 1000

const now = (): number => {
  const machine = Date.now()
  if (machine >= latest) aheadMs = 0
  else if (machine + aheadMs < latest - setBackMs) aheadMs = latest - machine
  latest = Math.max(latest, machine + aheadMs)
  return latest
}

/**
 * The time of this machine, which never falls while the process runs: what was due stays due. It stands still during a small
 * correction; when the machine is set back further, it goes on from where it was until the machine has caught up.
 */
export const systemClock: Clock = { now, scheduler: { now, schedule: asyncScheduler.schedule.bind(asyncScheduler) } }
