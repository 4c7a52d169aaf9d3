import { asyncScheduler } from 'rxjs'
import type { Clock } from '../../application/ports/clock.ts'

/** The time of this machine. */
export const systemClock: Clock = { now: () => Date.now(), scheduler: asyncScheduler }
