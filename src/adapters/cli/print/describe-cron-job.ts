import type { CronJobObject } from '../../../domain/kubernetes/cron-job-object.ts'
import type { LabelSelector } from '../../../domain/kubernetes/job-object.ts'
import { goBoolean } from '../../../projections/tables/cron-jobs-table.ts'
import { type DescribeOptions, describedText } from './describe-job.ts'
import { annotationLines, type Lines, mapLines } from './describe-metadata.ts'
import { podTemplateLines } from './describe-pod-template.ts'
import { eventLines } from './events-table.ts'
import { field, textField } from '../../../projections/tables/loose-fields.ts'
import { rfc1123z } from './rfc1123z.ts'
import { selectorText } from '../../../projections/tables/selector-text.ts'

/** A CronJob as `kubectl describe cronjob` prints it. */
export const describeCronJob = (cronJob: CronJobObject, { now, timeZone, events }: DescribeOptions): string => {
  const { metadata, spec, status } = cronJob
  const job = spec.jobTemplate.spec
  const selector = field(job, 'selector') as LabelSelector | undefined
  return describedText([
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace}`,
    ...mapLines('Labels', metadata.labels),
    ...annotationLines('Annotations', metadata.annotations),
    `Schedule:\t${spec.schedule}`,
    `Concurrency Policy:\t${spec.concurrencyPolicy}`,
    `Suspend:\t${goBoolean(spec.suspend)}`,
    `Time Zone:\t${orUnset(spec.timeZone)}`,
    `Successful Job History Limit:\t${spec.successfulJobsHistoryLimit}`,
    `Failed Job History Limit:\t${spec.failedJobsHistoryLimit}`,
    `Starting Deadline Seconds:\t${inSeconds(spec.startingDeadlineSeconds)}`,
    `Selector:\t${selector === undefined ? unset : selectorText(selector)}`,
    `Parallelism:\t${orUnset(textField(job, 'parallelism'))}`,
    `Completions:\t${orUnset(textField(job, 'completions'))}`,
    ...deadlineLines(textField(job, 'activeDeadlineSeconds')),
    ...podTemplateLines(job.template),
    `Last Schedule Time:\t${status.lastScheduleTime === undefined ? unset : rfc1123z(status.lastScheduleTime, timeZone)}`,
    `Active Jobs:\t${status.active?.map(({ name }) => name).join(', ') ?? '<none>'}`,
    ...(events === undefined ? [] : eventLines(events, now)),
  ])
}

const unset = '<unset>'

const orUnset = (text: string | undefined): string => text || unset

const inSeconds = (seconds: number | undefined): string => (seconds === undefined ? unset : `${seconds}s`)

const deadlineLines = (seconds: string): Lines => (seconds === '' ? [] : [`Active Deadline Seconds:\t${seconds}s`])
