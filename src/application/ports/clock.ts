import type { SchedulerLike } from 'rxjs'

/** Time enters the house only here: `now` in epoch milliseconds, and the scheduler whose timers agree with it. */
export type Clock = { readonly now: () => number; readonly scheduler: SchedulerLike }
