import { describe, expect, test } from 'vitest'
import { applying, jobs, wholeJob } from './applying.ts'

const crons = '/apis/batch/v1/namespaces/ns/cronjobs'
const cronJob = (spec: object) => ({
  metadata: { name: 'cron' },
  spec: { schedule: '@yearly', jobTemplate: { spec: wholeJob().spec }, ...spec },
})

describe('field validation', () => {
  const unknown = wholeJob({ bogus: 1 })

  test('API-14: strictly read, an unknown field is refused; else it is dropped, with a warning unless it is to be ignored', async () => {
    const { ask } = await applying()
    expect(await ask('POST', `${jobs}?fieldValidation=Strict`, unknown)).toMatchObject({
      code: 400,
      body: {
        message: 'Job in version "v1" cannot be handled as a Job: strict decoding error: unknown field "spec.bogus"',
      },
    })
    for (const [query, warning] of [
      ['?dryRun=All', '299 - "unknown field \\"spec.bogus\\""'],
      ['?dryRun=All&fieldValidation=Warn', '299 - "unknown field \\"spec.bogus\\""'],
      ['?dryRun=All&fieldValidation=Ignore', null],
    ] as const) {
      const answer = await ask('POST', `${jobs}${query}`, unknown)
      expect([answer.code, answer.warning, answer.body.spec.bogus]).toStrictEqual([201, warning, undefined])
      expect(JSON.stringify(answer.body.metadata.managedFields)).not.toContain('bogus')
    }
  })

  test('API-14: a dry run does everything but the recording, for every way to write', async () => {
    const { ask, watched } = await applying()
    const stored = (await ask('POST', jobs, wholeJob())).body
    const { resourceVersion } = stored.metadata
    const changed = { ...stored, spec: { ...stored.spec, parallelism: 5 } }
    const answers = [
      await ask('POST', `${jobs}?dryRun=All`, wholeJob({}, { name: 'other' })),
      await ask('PUT', `${jobs}/job?dryRun=All`, changed),
      await ask('PATCH', `${jobs}/job?dryRun=All`, { spec: { parallelism: 5 } }),
      await ask('PATCH', `${jobs}/job/scale?dryRun=All`, { spec: { replicas: 5 } }),
      await ask('DELETE', `${jobs}/job?dryRun=All&propagationPolicy=Background`),
    ]
    expect(answers.map(({ code }) => code)).toStrictEqual([201, 200, 200, 200, 200])
    expect(answers[1]?.body.spec.parallelism).toBe(5)
    expect((await ask('GET', `${jobs}/job`)).body).toStrictEqual(stored)
    expect(await watched(`${jobs}?resourceVersion=${resourceVersion}`)).toStrictEqual([])
    expect((await ask('POST', `${jobs}?dryRun=Some`, wholeJob())).code).toBe(422)
  })
})

describe('CronJobs', () => {
  test.each([
    [
      { schedule: '60 * * * *' },
      'spec.schedule: Invalid value: "60 * * * *": end of range (60) above maximum (59): 60',
    ],
    [{ schedule: '* * * *' }, 'spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]'],
    [{ schedule: '@reboot' }, 'spec.schedule: Invalid value: "@reboot": unrecognized descriptor: @reboot'],
    [
      { schedule: '*/0 * * * *' },
      'spec.schedule: Invalid value: "*/0 * * * *": step of range should be a positive number: */0',
    ],
    [
      { schedule: 'a * * * *' },
      'spec.schedule: Invalid value: "a * * * *": failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax',
    ],
    [{ timeZone: 'utc' }, 'spec.timeZone: Invalid value: "utc": unknown time zone utc'],
    [{ timeZone: '' }, 'spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string'],
  ])('API-14: %j is refused in the words of Kubernetes', async (spec, problem) => {
    const { ask } = await applying()
    expect(await ask('POST', crons, cronJob(spec))).toMatchObject({
      code: 422,
      body: { message: `CronJob.batch "cron" is invalid: ${problem}` },
    })
  })

  test.each(['*/61 * * * *', '0 0 31 2 *', '  0 * * * *', '0 0 ? * MON-FRI', '1,,2 * * * *'])(
    'API-14: the schedule %j is taken, odd as it is',
    async (schedule) => {
      const { ask } = await applying()
      expect((await ask('POST', `${crons}?dryRun=All`, cronJob({ schedule }))).code).toBe(201)
    },
  )
})
