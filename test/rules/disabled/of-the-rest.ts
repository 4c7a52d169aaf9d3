import { disabledIn } from './disabled-rule.ts'

/** Objects, Pods of nobody, Events, and CronJobs. */
export const disabledRest = [
  ...disabledIn('domain/kubernetes/with-defaults.ts', [
    ['D-1', '? { completions: 1 } : {}', '? {} : {}', 'domain/kubernetes/with-defaults', '[D-1] neither count'],
    [
      'D-2',
      "=== undefined ? 'TerminatingOrFailed' : 'Failed'",
      "=== undefined ? 'Failed' : 'Failed'",
      'rules/checklist/replacement-and-success',
      '[J-58, D-2]',
    ],
    ['D-3', "status: p.status || 'True'", "status: p.status || 'False'", 'domain/kubernetes/with-defaults', '[D-3]'],
  ]),
  ...disabledIn('domain/kubernetes/prepare-job.ts', [
    [
      'D-4',
      'Object.keys(ownLabels).length > 0 ? ownLabels',
      'true ? ownLabels',
      'domain/kubernetes/prepare-job',
      '[D-4] a Job without labels',
    ],
    [
      'L-1',
      'uid, ...job.spec?.selector?.matchLabels',
      "''",
      'domain/kubernetes/prepare-job',
      '[L-1] template and selector',
    ],
  ]),
  ...disabledIn('domain/kubernetes/image-pull-policy.ts', [
    ['D-9', "tag === 'latest' ||", "tag === 'newest' ||", 'domain/kubernetes/with-defaults', '[D-9]'],
  ]),
  ...disabledIn('domain/kubernetes/validation/job-spec-change.ts', [
    ['U-1', "  'podFailurePolicy',\n", '', 'domain/kubernetes/validate-job-update', '[U-1]'],
    [
      'U-2',
      'next.completions !== next.parallelism',
      'next.completions === -1',
      'domain/kubernetes/validate-job-update',
      '[U-2]',
    ],
    [
      'U-3',
      '(status.active ?? 0) === 0',
      '(status.active ?? 0) >= 0',
      'domain/kubernetes/validate-job-update',
      '[U-3]',
    ],
  ]),
  ...disabledIn('domain/kubernetes/validation/job-status.ts', [
    [
      'V-13',
      'now.startTime === undefined &&',
      'now.startTime === null &&',
      'domain/kubernetes/validate-job-status-update',
      '[V-13]',
    ],
    [
      'V-22',
      '(now.ready ?? 0) > now.active',
      '(now.ready ?? 0) > 99',
      'domain/kubernetes/validate-job-status-update',
      '[V-22]',
    ],
  ]),
  ...disabledIn('domain/kubernetes/validation/job-status-change.ts', [
    [
      'V-26',
      'now.failed < before.failed',
      'now.failed < -1',
      'domain/kubernetes/validate-job-status-update',
      '[V-26, V-27]',
    ],
  ]),
  ...disabledIn('application/pods/free-pods.ts', [
    ['E-8', '        void freeOfTracking(view)\n', '', 'application/api/ends', '[E-8] a Pod of nobody'],
  ]),
  ...disabledIn('projections/event-recorder.ts', [
    ['EV-1', 'book.slots.find(isSame)', 'book.slots.find(() => false)', 'projections/kubernetes-events', '[EV-1]'],
    [
      'EV-2',
      'const similarMax = 9',
      'const similarMax = 99',
      'projections/kubernetes-events',
      '[EV-2, EV-3] forty Pods',
    ],
    ['EV-3', 'const burst = 25', 'const burst = 2500', 'projections/kubernetes-events', '[EV-3] the rest of a burst'],
  ]),
  ...disabledIn('domain/cronjob/policies/unmet-time.ts', [
    ['H-1', 'missed > 100', 'missed > 100_000', 'domain/cronjob/starts', '[H-1, K-5]'],
  ]),
  ...disabledIn('domain/cronjob/policies/start-run.ts', [
    [
      'H-3',
      'startingDeadlineSeconds === undefined ?',
      'startingDeadlineSeconds !== -1 ?',
      'domain/cronjob/starts',
      '[H-3]',
    ],
    ['K-2', '  if (spec.suspend) return { events: [], next: null }\n', '', 'domain/cronjob/changes', '[K-2]'],
  ]),
  ...disabledIn('domain/cronjob/policies/concurrency-policy.ts', [
    [
      'K-3',
      'cronJob.active.length > 0',
      'cronJob.active.length > 9',
      'domain/cronjob/starts',
      '[K-3] Forbid starts nothing',
    ],
  ]),
  ...disabledIn('domain/cronjob/policies/history-limits.ts', [
    [
      'K-9',
      'finished.length - limit)',
      'finished.length - limit - 1)',
      'domain/cronjob/changes',
      '[K-9] beyond the limits',
    ],
  ]),
  ...disabledIn('domain/cronjob/decide.ts', [
    [
      'H-5',
      'spec.schedule === old.schedule && spec.timeZone',
      'spec.timeZone',
      'domain/cronjob/changes',
      '[H-5] a new schedule starts nothing',
    ],
  ]),
]
