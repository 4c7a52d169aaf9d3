import type { Job } from '../job.ts'

/** [F-9] Whether enough Pods have succeeded, with none active any more: for a work queue one is enough. */
export const isComplete = ({ terms, counts }: Job): boolean =>
  counts.active === 0 && (terms.completions === null ? counts.succeeded > 0 : counts.succeeded >= terms.completions)
