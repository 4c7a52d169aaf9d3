import { disabledIn } from './disabled-rule.ts'

const policy = (name: string) => `domain/job/policies/${name}.ts`

/** What ends a Job, how many Pods it wants, and how long it waits. */
export const disabledPolicies = [
  ...disabledIn(policy('backoff-limit'), [
    [
      'F-4',
      'standing.failed > standing',
      'standing.failed >= standing',
      'domain/job/backoff',
      '[F-4] as many as allowed',
    ],
    [
      'O-3',
      'restarts >= terms.backoffLimit',
      'restarts > terms.backoffLimit',
      'domain/job/reconcile',
      '[O-3] under OnFailure',
    ],
    ['O-4', 'standing.failed > ', 'standing.failed + standing.job.restarts > ', 'domain/job/verdicts', '[O-4]'],
    ['O-8', "terms.restartPolicy === 'OnFailure' && ", '', 'domain/job/verdicts', '[O-8]'],
  ]),
  ...disabledIn(policy('pod-failure-policy'), [
    ['F-3', 'job.failJobPod === null', 'job.failJobPod !== -1', 'domain/job/pod-failure-policy', '[J-42, F-3]'],
  ]),
  ...disabledIn(policy('active-deadline'), [
    ['F-5', 'at >= deadline', 'at > deadline', 'domain/job/endings', '[F-5, 6.2] one millisecond before'],
    ['E-11', ' || terms.suspend ||', ' ||', 'domain/job/when-to-sync', '[E-11]'],
  ]),
  ...disabledIn(policy('max-failed-indexes'), [
    [
      'F-6',
      'failedIndexes.size > terms',
      'failedIndexes.size > 9 + terms',
      'domain/job/backoff-limit-per-index',
      '[F-6, J-50]',
    ],
  ]),
  ...disabledIn(policy('failed-indexes'), [
    [
      'F-7',
      'failed.size + completed.size >=',
      'completed.size >=',
      'domain/job/backoff-limit-per-index',
      '[F-7, J-49]',
    ],
  ]),
  ...disabledIn(policy('success-policy'), [
    ['F-8', 'done >= wanted', 'done > wanted', 'domain/job/success-policy', '[5.8, F-8]'],
  ]),
  ...disabledIn(policy('completions'), [
    ['F-9', 'counts.succeeded >= terms', 'counts.succeeded > terms', 'domain/job/endings', '[F-9] all completions'],
  ]),
  ...disabledIn(policy('parallelism'), [
    ['P-1', '  if (terms.suspend) return 0\n', '', 'domain/job/number-of-pods', '[P-1] suspended: none'],
    [
      'P-2',
      'terms.completions - counts.succeeded',
      'terms.completions',
      'domain/job/number-of-pods',
      '[P-2] what has succeeded is not run again',
    ],
  ]),
  ...disabledIn(policy('pod-backoff'), [
    ['B-2', 'end > since', 'end >= since', 'domain/job/backoff', '[B-2] failures at the moment of the success'],
    [
      'B-3',
      'baseMs * 2 ** Math.min(podFailures - 1, 30)',
      'baseMs * podFailures',
      'domain/job/backoff',
      '[B-3] after 3 failures',
    ],
    ['B-1', '(deletedAt ?? createdAt)', '(createdAt)', 'domain/job/accounting', '[B-1] without such an end'],
  ]),
  ...disabledIn(policy('verdict'), [
    [
      'J-63',
      '  failedIndexes,\n  successPolicy',
      '  successPolicy,\n  failedIndexes',
      'rules/checklist/replacement-and-success',
      '[J-63]',
    ],
    ['J-60', '  successPolicy,\n]', ']', 'rules/checklist/replacement-and-success', '[J-60]'],
  ]),
]
