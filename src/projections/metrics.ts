import { jobMetrics, type JobMetricsNews } from './metrics/job-metrics.ts'
import { ttlMetrics } from './metrics/ttl-metrics.ts'
import { cronJobMetrics, type CronJobMetricsNews } from './metrics/cron-job-metrics.ts'
import { type MetricFamily, meterBook } from './metrics/meter-book.ts'

/** [9.2] The metrics of the Job, CronJob and TTL controllers, under the names and labels of Kubernetes. */
export type MetricsFold = {
  readonly jobs: (news: ReadonlyArray<JobMetricsNews>) => void
  readonly cronJobs: (news: ReadonlyArray<CronJobMetricsNews>) => void
  /** In the order of their names; a metric with labels is absent before its first sample. */
  readonly families: () => ReadonlyArray<MetricFamily>
}

/**
 * A fold over the whole log, so that counters do not begin anew with each process: a restart is no reset. Each event costs the
 * same, however many Jobs and Pods there are; of a Job that is over only its time to live is kept, until it is deleted.
 */
export const metricsFold = (): MetricsFold => {
  const book = meterBook()
  const takeJob = jobMetrics(book)
  const takeLifetime = ttlMetrics(book)
  const takeCronJob = cronJobMetrics(book)
  return {
    jobs: (news) => {
      for (const one of news) {
        takeJob(one)
        takeLifetime(one)
      }
    },
    cronJobs: (news) => news.forEach(takeCronJob),
    families: book.families,
  }
}
