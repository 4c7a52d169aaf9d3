import type { Job } from '../job.ts'

/** [P-1, P-2] How many Pods should be active. A work queue with a success keeps what it has: it neither grows nor shrinks. */
export const wantedActive = ({ terms, counts }: Job): number => {
  if (terms.suspend) return 0
  if (terms.completions === null) return counts.succeeded > 0 ? counts.active : terms.parallelism
  return Math.max(0, Math.min(terms.parallelism, terms.completions - counts.succeeded))
}
