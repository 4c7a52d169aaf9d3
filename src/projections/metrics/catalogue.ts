const powersOfTwo = (first: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, power) => first * 2 ** power)

/** Every metric there is: its labels in the order in which they are written, and what it says. Bounds of buckets are seconds. */
export const catalogue = {
  counters: {
    job_controller_job_syncs_total: {
      labels: ['action', 'completion_mode', 'result'],
      help: '[STABLE] Syncs of Jobs',
    },
    job_controller_jobs_finished_total: {
      labels: ['completion_mode', 'reason', 'result'],
      help: '[STABLE] Jobs that have finished',
    },
    job_controller_job_pods_finished_total: {
      labels: ['completion_mode', 'result'],
      help: '[STABLE] Pods that were counted as finished in the status of their Job',
    },
    job_controller_job_pods_creation_total: {
      labels: ['reason', 'status'],
      help: '[ALPHA] Pods created, and whether they replace others',
    },
    job_controller_pod_failures_handled_by_failure_policy_total: {
      labels: ['action'],
      help: '[BETA] Failed Pods that a rule of podFailurePolicy was for, by its action',
    },
    job_controller_terminated_pods_tracking_finalizer_total: {
      labels: ['event'],
      help: '[BETA] Ended Pods that were to be counted (add), and of these such as were let go (delete)',
    },
    job_controller_job_finished_indexes_total: {
      labels: ['backoffLimit', 'status'],
      help: '[ALPHA] Indexes that have succeeded or failed, by the kind of their back-off limit',
    },
    job_controller_jobs_by_external_controller_total: {
      labels: ['controller_name'],
      help: '[ALPHA] Jobs created for another controller to manage',
    },
  },
  histograms: {
    job_controller_job_sync_duration_seconds: {
      labels: ['action', 'completion_mode', 'result'],
      help: '[STABLE] From the first fact that a sync takes into account until its decision',
      bounds: powersOfTwo(0.004, 15),
    },
    ttl_after_finished_controller_job_deletion_duration_seconds: {
      labels: [],
      help: '[ALPHA] From the end of the time to live of a finished Job until its deletion',
      bounds: powersOfTwo(0.1, 14),
    },
    cronjob_controller_job_creation_skew_duration_seconds: {
      labels: [],
      help: '[STABLE] From the time that a schedule names until its Job is created',
      bounds: powersOfTwo(1, 10),
    },
  },
} as const

export type CounterName = keyof typeof catalogue.counters
export type HistogramName = keyof typeof catalogue.histograms

type Described<N> = N extends CounterName
  ? (typeof catalogue.counters)[N]
  : N extends HistogramName
    ? (typeof catalogue.histograms)[N]
    : never

/** A value for each label of the metric. */
export type LabelsOf<N extends CounterName | HistogramName> = {
  readonly [K in Described<N>['labels'][number]]: string
}
