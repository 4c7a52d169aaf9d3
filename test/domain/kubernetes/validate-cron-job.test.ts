import { describe, expect, test } from 'vitest'
import { cronJobUpdateWarnings, cronJobWarnings } from '../../../src/domain/kubernetes/validate-cron-job.ts'
import { changeRefusalsOf, cronJobOf, cronJobRefusalsOf, type CronJobOverrides } from './cron-jobs.ts'

const noZone = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
const notNegative = 'must be greater than or equal to 0'
const inJob = 'spec.jobTemplate.spec'

describe('a new CronJob', () => {
  test.each<[what: string, over: CronJobOverrides, refusals: ReadonlyArray<string>]>([
    ['a minimal one', {}, []],
    ['no schedule', { spec: { schedule: '' } }, ['spec.schedule: Required value']],
    [
      'a word for a schedule',
      { spec: { schedule: 'often' } },
      ['spec.schedule: Invalid value: "often": expected exactly 5 fields, found 1: [often]'],
    ],
    [
      'a zone in the schedule',
      { spec: { schedule: 'TZ=UTC 0 0 * * *' } },
      [`spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": ${noZone}`],
    ],
    [
      'a zone in the schedule that does not exist',
      { spec: { schedule: 'CRON_TZ=X 0 0 * * *' } },
      [
        'spec.schedule: Invalid value: "CRON_TZ=X 0 0 * * *": provided bad location X: unknown time zone X',
        `spec.schedule: Invalid value: "CRON_TZ=X 0 0 * * *": ${noZone}`,
      ],
    ],
    ['a schedule that never fires', { spec: { schedule: '0 0 31 2 *' } }, []],
    ['names', { spec: { schedule: '0 0 ? * MON-FRI' } }, []],
    ['a descriptor', { spec: { schedule: '@every 1h' } }, []],
    [
      'an empty time zone',
      { spec: { timeZone: '' } },
      ['spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string'],
    ],
    ['a time zone', { spec: { timeZone: 'Europe/Vienna' } }, []],
    [
      'a time zone that does not exist',
      { spec: { timeZone: 'Nowhere/City' } },
      ['spec.timeZone: Invalid value: "Nowhere/City": unknown time zone Nowhere/City'],
    ],
    [
      'a time zone in another case',
      { spec: { timeZone: 'utc' } },
      ['spec.timeZone: Invalid value: "utc": unknown time zone utc'],
    ],
    [
      'a time zone after a blank',
      { spec: { timeZone: ' UTC' } },
      ['spec.timeZone: Invalid value: " UTC": unknown time zone  UTC'],
    ],
    [
      'a path for a time zone',
      { spec: { timeZone: '../UTC' } },
      ['spec.timeZone: Invalid value: "../UTC": unknown time zone ../UTC'],
    ],
    [
      'the local time zone',
      { spec: { timeZone: 'Local' } },
      [
        'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ],
    ],
    [
      'the local time zone, spelt otherwise',
      { spec: { timeZone: 'local' } },
      [
        'spec.timeZone: Invalid value: "local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
        'spec.timeZone: Invalid value: "local": unknown time zone local',
      ],
    ],
    [
      'an unknown concurrencyPolicy',
      { spec: { concurrencyPolicy: 'Sometimes' } },
      ['spec.concurrencyPolicy: Unsupported value: "Sometimes": supported values: "Allow", "Forbid", "Replace"'],
    ],
    [
      'negative numbers',
      { spec: { startingDeadlineSeconds: -1, successfulJobsHistoryLimit: -2, failedJobsHistoryLimit: -3 } },
      [
        `spec.startingDeadlineSeconds: Invalid value: -1: ${notNegative}`,
        `spec.successfulJobsHistoryLimit: Invalid value: -2: ${notNegative}`,
        `spec.failedJobsHistoryLimit: Invalid value: -3: ${notNegative}`,
      ],
    ],
    ['a name of 52 characters', { metadata: { name: 'x'.repeat(52) } }, []],
    [
      'a name of 53 characters',
      { metadata: { name: 'x'.repeat(53) } },
      [`metadata.name: Invalid value: "${'x'.repeat(53)}": must be no more than 52 characters`],
    ],
    [
      'restartPolicy Always',
      { pod: { restartPolicy: 'Always' } },
      [`${inJob}.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"`],
    ],
    [
      'a selector in the template',
      { job: { selector: { matchLabels: { a: 'b' } }, manualSelector: true } },
      [
        `${inJob}.selector: Invalid value: {"matchLabels":{"a":"b"}}: \`selector\` will be auto-generated`,
        `${inJob}.manualSelector: Unsupported value: true: supported values: "nil", "false"`,
      ],
    ],
    [
      'no template',
      { spec: { jobTemplate: {} } },
      [
        `${inJob}.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"`,
        `${inJob}.template.spec.containers: Required value`,
      ],
    ],
    [
      'Jobs with several faults',
      { job: { parallelism: -1, completionMode: 'Indexed' }, pod: { containers: [{ name: 'X', image: 'busybox' }] } },
      [
        `${inJob}.parallelism: Invalid value: -1: ${notNegative}`,
        `${inJob}.completions: Required value: when completion mode is Indexed`,
        `${inJob}.template.spec.containers[0].name: Invalid value: "X": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    ],
    ['metadata of the template that no Job may have', { template: { labels: { 'a b': '%' } } }, []],
  ])('[1.11] %s', (_, over, refusals) => expect(cronJobRefusalsOf(over)).toStrictEqual(refusals))
})

describe('a change', () => {
  test('[1.11] a zone in the schedule stays where there was one, but not beside a time zone', () => {
    const old: CronJobOverrides = { spec: { schedule: 'TZ=UTC 0 0 * * *' } }
    expect(changeRefusalsOf({ spec: { schedule: 'TZ=UTC 5 0 * * *' } }, old)).toStrictEqual([])
    expect(changeRefusalsOf({ spec: { schedule: 'TZ=UTC 5 0 * * *', timeZone: 'UTC' } }, old)).toStrictEqual([
      'spec.schedule: Invalid value: "TZ=UTC 5 0 * * *": cannot use both timeZone field and TZ or CRON_TZ in schedule',
    ])
  })

  test('[1.11] a time zone is looked at when it changes', () => {
    const strange: CronJobOverrides = { spec: { timeZone: 'Old/Zone' } }
    expect(changeRefusalsOf(strange, strange)).toStrictEqual([])
    expect(changeRefusalsOf(strange, {})).toStrictEqual([
      'spec.timeZone: Invalid value: "Old/Zone": unknown time zone Old/Zone',
    ])
  })

  test('[U-6] what is wrong with metadata is told three times, the rest once; a long name is let be', () => {
    const long = { name: 'x'.repeat(60) }
    const refusals = changeRefusalsOf(
      { metadata: { ...long, labels: { 'a/b/c': 'd' } }, spec: { schedule: 'never' } },
      { metadata: long },
    )
    expect(refusals.filter((text) => text.startsWith('metadata.labels'))).toHaveLength(3)
    expect(refusals.filter((text) => !text.startsWith('metadata.labels'))).toStrictEqual([
      'spec.schedule: Invalid value: "never": expected exactly 5 fields, found 1: [never]',
    ])
  })
})

describe('warnings', () => {
  const dots =
    'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]'
  const zone =
    'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details'
  const many =
    'spec.jobTemplate.spec: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail'
  const huge: CronJobOverrides = { job: { completionMode: 'Indexed', completions: 100_001, parallelism: 10_001 } }

  test('[1.3] at creation, of dots in the name and of too many indexes', () => {
    expect(cronJobWarnings(cronJobOf())).toStrictEqual([])
    expect(cronJobWarnings(cronJobOf({ metadata: { name: 'a.b' }, ...huge }))).toStrictEqual([dots, many])
  })

  test('[1.3] at a change, of a zone in the schedule always, and of indexes with a new generation', () => {
    const old = cronJobOf({ metadata: { name: 'a.b' }, ...huge, spec: {} })
    const changed = { ...old, spec: { ...old.spec, schedule: 'TZ=UTC @daily' } }
    expect(cronJobUpdateWarnings(changed, true)).toStrictEqual([many, zone])
    expect(cronJobUpdateWarnings(changed, false)).toStrictEqual([zone])
    expect(cronJobUpdateWarnings(old, false)).toStrictEqual([])
  })
})
