import { E } from '../../../prelude.ts'
import { namesTimeZone, parseSchedule } from '../../cronjob/schedule/parse-schedule.ts'
import { timeZone, unknownTimeZone } from '../../cronjob/schedule/time-zone.ts'
import { type FieldErrors, invalid, invalidFor, notSupported, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { jobTemplate } from './job-template.ts'
import { nonNegative } from './names.ts'

/** The rules of 1.11 about a CronJob's spec; `before` is the spec that a change starts from, null at creation. */
export const cronJobSpec = (spec: Shape<'CronJobSpec'>, before: Shape<'CronJobSpec'> | null): FieldErrors => [
  ...schedule(spec, namesTimeZone(before?.schedule ?? '')),
  ...notNegative(spec, 'startingDeadlineSeconds'),
  ...(before === null || before.timeZone !== spec.timeZone ? zone(spec.timeZone) : []),
  ...when(
    !concurrencyPolicies.includes(spec.concurrencyPolicy ?? ''),
    notSupported('spec.concurrencyPolicy', spec.concurrencyPolicy ?? '', concurrencyPolicies),
  ),
  ...jobTemplate('spec.jobTemplate', spec.jobTemplate ?? {}),
  ...notNegative(spec, 'successfulJobsHistoryLimit'),
  ...notNegative(spec, 'failedJobsHistoryLimit'),
]

const concurrencyPolicies: ReadonlyArray<string> = ['Allow', 'Forbid', 'Replace']

const schedule = ({ schedule: text = '', timeZone: zoneName }: Shape<'CronJobSpec'>, isOld: boolean): FieldErrors => {
  if (text === '') return [required('spec.schedule')]
  const parsed = parseSchedule(text)
  const withZone = namesTimeZone(text)
  return [
    ...(E.isLeft(parsed) ? [invalid('spec.schedule', text, parsed.left)] : []),
    ...when(
      withZone && !isOld,
      invalid('spec.schedule', text, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'),
    ),
    ...when(
      withZone && isOld && zoneName !== undefined,
      invalid('spec.schedule', text, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'),
    ),
  ]
}

const zone = (name: string | undefined): FieldErrors => {
  const at = 'spec.timeZone'
  if (name === undefined) return []
  if (name === '') return [invalid(at, name, 'timeZone must be nil or non-empty string')]
  if (!name.split('/').every(isZoneNamePart)) return [invalid(at, name, unknownTimeZone(name))]
  return [
    ...when(name.toLowerCase() === 'local', invalid(at, name, explicitZoneText)),
    ...when(name !== 'Local' && timeZone(name) === null, invalid(at, name, unknownTimeZone(name))),
  ]
}

const explicitZoneText = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'

const isZoneNamePart = (part: string): boolean =>
  /^[A-Za-z.\-_0-9+]{1,14}$/.test(part) && part !== '.' && part !== '..' && !part.startsWith('-')

type Counted = 'startingDeadlineSeconds' | 'successfulJobsHistoryLimit' | 'failedJobsHistoryLimit'

const notNegative = (spec: Shape<'CronJobSpec'>, field: Counted): FieldErrors => {
  const value = spec[field]
  return value === undefined ? [] : invalidFor(`spec.${field}`, value, nonNegative(value))
}
