import { bugsIn, type SeededBug } from './seeded-bug.ts'

const policies = 'src/domain/job/policies'

/** Deliberate mistakes in every file of `policies`: what a rule becomes when one place of its text is changed. */
export const bugsOfPolicies: ReadonlyArray<SeededBug> = [
  ...bugsIn(`${policies}/active-deadline.ts`, [
    ['the deadline is a second late', 'at >= deadline', 'at >= deadline + 1000'],
    ['the deadline comes ten times too early', 'activeDeadlineSeconds * 1000', 'activeDeadlineSeconds * 100'],
  ]),
  ...bugsIn(`${policies}/backoff-limit.ts`, [
    ['as many failures as the limit are too many', 'standing.failed > standing', 'standing.failed >= standing'],
    ['one more restart than the limit is allowed', 'restarts >= terms.backoffLimit', 'restarts > terms.backoffLimit'],
    [
      'restarts count under every restart policy',
      "terms.restartPolicy === 'OnFailure' && restarts > 0",
      'restarts > 0 && terms.parallelism < 0',
    ],
  ]),
  ...bugsIn(`${policies}/backoff-limit-per-index.ts`, [
    ['an index has one failure more', 'indexFailures.counted >= (', 'indexFailures.counted > ('],
    ['FailIndex fails no index', "if (action === 'FailIndex') return true", ''],
    ['an ignored failure is the last one too', "action !== 'Ignore' && indexFailures", 'indexFailures'],
    [
      'an ignored failure counts for the index',
      '{ counted, ignored: ignored + 1 }',
      '{ counted: counted + 1, ignored }',
    ],
    ['the first failure of an index has no back-off', 'held.indexFailures.ignored + 1', 'held.indexFailures.ignored'],
  ]),
  ...bugsIn(`${policies}/completions.ts`, [
    ['a Job is complete while Pods are active', 'counts.active === 0 && (', '('],
    ['a work queue needs two successes', 'counts.succeeded > 0 :', 'counts.succeeded > 1 :'],
    [
      'one success fewer is enough',
      'counts.succeeded >= terms.completions',
      'counts.succeeded >= terms.completions - 1',
    ],
  ]),
  ...bugsIn(`${policies}/failed-indexes.ts`, [
    ['a Job without a failed index has failed ones', 'failed.size > 0 && ', ''],
    [
      'failed indexes are looked at before all are decided',
      'failed.size + completed.size >=',
      '1 + failed.size + completed.size >=',
    ],
  ]),
  ...bugsIn(`${policies}/max-failed-indexes.ts`, [
    ['as many failed indexes as allowed are too many', 'failedIndexes.size > terms', 'failedIndexes.size >= terms'],
  ]),
  ...bugsIn(`${policies}/parallelism.ts`, [
    ['a suspended Job runs on', 'if (terms.suspend) return 0', ''],
    [
      'a work queue grows after its first success',
      'counts.succeeded > 0 ? counts.active : terms.parallelism',
      'terms.parallelism',
    ],
    ['completions that are done are wanted again', 'terms.completions - counts.succeeded', 'terms.completions'],
  ]),
  ...bugsIn(`${policies}/pod-backoff.ts`, [
    ['the back-off doubles one step too soon', 'Math.min(podFailures - 1, 30)', 'Math.min(podFailures, 30)'],
    ['the back-off ends a second early', 'lastPodFailureAt + Math.min', 'lastPodFailureAt - 1000 + Math.min'],
    ['a failure at the time of a success survives it', 'end > since', 'end >= since'],
    ['failures that are counted together are one', 'job.podFailures + failures.length', 'job.podFailures + 1'],
    ['the back-off runs from the first of the failures', 'Math.max(a, b), 0)', '(a === 0 ? b : Math.min(a, b)), 0)'],
    ['a success forgets no failure', 'podFailures: later.length,', 'podFailures: failures.length,'],
  ]),
  ...bugsIn(`${policies}/pod-failure-policy.ts`, [
    ['NotIn is read as In', "=== (wanted.operator === 'In')", ''],
    ['a rule for one container is for any', 'wanted.container === container', 'container >= 0'],
    [
      'the failure of a later Pod fails no Job',
      'job.failJobPod === null',
      'job.failJobPod === null || job.failJobPod > 1',
    ],
    [
      'the status of a condition does not matter',
      'condition.type === type && condition.status === status',
      'condition.type === type && status !== undefined',
    ],
    ['the last rule that holds is the first', 'rules.findIndex(\n', 'rules.findLastIndex(\n'],
  ]),
  ...bugsIn(`${policies}/success-policy.ts`, [
    ['one success more than the rule says', 'done >= wanted', 'done > wanted'],
    ['a count beside indexes is not looked at', 'count ?? listed?.size ?? 0', 'listed?.size ?? count ?? 0'],
    ['the last rule that holds is named', 'successProgress.findIndex', 'successProgress.findLastIndex'],
  ]),
  ...bugsIn(`${policies}/verdict.ts`, [
    [
      'the back-off limit goes before the failure policy',
      '  podFailurePolicy,\n  backoffLimit,\n',
      '  backoffLimit,\n  podFailurePolicy,\n',
    ],
    [
      'the deadline goes before the back-off limit',
      '  backoffLimit,\n  activeDeadline,\n',
      '  activeDeadline,\n  backoffLimit,\n',
    ],
    [
      'success goes before failed indexes',
      '  failedIndexes,\n  successPolicy,\n',
      '  successPolicy,\n  failedIndexes,\n',
    ],
    [
      'failed indexes go before the most that may fail',
      '  maxFailedIndexes,\n  failedIndexes,\n',
      '  failedIndexes,\n  maxFailedIndexes,\n',
    ],
  ]),
]
