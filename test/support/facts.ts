import type { JobEvent } from '../../src/domain/job/events.ts'
import type { JobTerms } from '../../src/domain/job/job-facts.ts'

/** A Job's terms with the defaults of Kubernetes; a test names only what it is about. */
export const terms = (over: Partial<JobTerms> = {}): JobTerms => ({
  completionMode: 'NonIndexed',
  parallelism: 1,
  completions: 1,
  backoffLimit: 6,
  activeDeadlineSeconds: null,
  ttlSecondsAfterFinished: null,
  suspend: false,
  restartPolicy: 'Never',
  podReplacementPolicy: 'TerminatingOrFailed',
  podFailurePolicy: null,
  successPolicy: null,
  backoffLimitPerIndex: null,
  maxFailedIndexes: null,
  managedElsewhere: false,
  podsRunElsewhere: false,
  hasNode: false,
  podsHaveFinalizers: false,
  gracePeriodSeconds: 30,
  podBackoffBaseMs: 10_000,
  ...over,
})

export const second = 1000
/** The time of the tests' first event. */
export const start = 1_000_000

export const jobCreated = (over: Partial<JobTerms> = {}): JobEvent => ({
  type: 'JobCreated',
  uid: 'uid-1',
  namespace: 'default',
  name: 'pi',
  seed: 'seed-1',
  terms: terms(over),
  hasFinalizers: false,
  at: start,
})
