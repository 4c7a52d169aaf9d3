import { disabledIn } from './disabled-rule.ts'

/** What clients see of Jobs, and Pods and CronJobs in their details. */
export const disabledSurroundings = [
  ...disabledIn('domain/kubernetes/prepare-job.ts', [
    [
      'L-3',
      'if (isManual(job)) return template',
      'if (false) return template',
      'domain/kubernetes/prepare-job',
      '[L-3]',
    ],
  ]),
  ...disabledIn('domain/kubernetes/pod-report.ts', [
    [
      'O-9',
      '[...containerStatuses, ...initContainerStatuses]',
      '[...containerStatuses]',
      'application/api/ends',
      '[O-9]',
    ],
  ]),
  ...disabledIn('projections/job-object.ts', [
    ['F-15', "job.finished?._tag === 'Success' ?", 'job.finished !== null ?', 'application/api/ends', '[F-15]'],
    [
      'ST-2',
      'job.terms.backoffLimitPerIndex === null ? {}',
      'failedIndexes.size === 0 ? {}',
      'application/api/ends',
      '[ST-2]',
    ],
    ['ST-1', 'if (!synced) return {}', '', 'projections/job-object', '[ST-1] is empty before the first sync'],
    ['ST-5', '...(suspended === null ? [] : [suspendedCondition(suspended)]),', '', 'projections/job-object', '[ST-5]'],
  ]),
  ...disabledIn('projections/kubernetes-events.ts', [
    [
      'F-17',
      "return noted(told, { type: 'Warning', reason: event.reason, text, at, position })",
      'return text() === null ? null : told',
      'application/api/ends',
      '[F-17, T-12]',
    ],
  ]),
  ...disabledIn('application/pods/free-pods.ts', [
    [
      'E-7',
      'clock.scheduler.schedule(() => void look(uid), windowMs)',
      'clock.scheduler.schedule(() => {}, windowMs)',
      'application/api/ends',
      '[E-7]',
    ],
  ]),
  ...disabledIn('domain/cronjob/policies/next-look.ts', [
    [
      'H-4',
      'lastScheduleTime ?? createdAt',
      'lastScheduleTime ?? createdAt + 3_600_000',
      'domain/cronjob/starts',
      '[H-4]',
    ],
  ]),
  ...disabledIn('domain/cronjob/decide.ts', [
    ['H-6', 'return at\n', 'return before.next\n', 'domain/cronjob/changes', '[H-6] resumed: the latest'],
    [
      'H-8',
      "{ type: 'RunBlocked', name, scheduledAt, at }",
      "{ type: 'RunStarted', uid, name, scheduledAt, resourceVersion: '', found: true, at }",
      'application/cron-jobs/cron-jobs',
      '[H-8]',
    ],
  ]),
  ...disabledIn('domain/cronjob/policies/concurrency-policy.ts', [
    ['K-4', 'cronJob.active.map(', 'cronJob.active.slice(9).map(', 'domain/cronjob/starts', '[K-4]'],
  ]),
  ...disabledIn('domain/cronjob/evolve.ts', [
    [
      'H-7',
      "    case 'RunForbidden':\n",
      "    case 'RunForbidden':\n      return { lastScheduleTime: event.scheduledAt }\n",
      'domain/cronjob/starts',
      '[H-7]',
    ],
  ]),
]
