import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { type CommandLine, type Ended, inFolder, test, userName } from '../support/jobledger.ts'
import { serving } from '../support/serving.ts'
import { until } from './until.ts'

const reads: ReadonlyArray<ReadonlyArray<string>> = [
  ['get', 'jobs'],
  ['get', 'jobs', '-o', 'wide'],
  ['get', 'job/hello', '-o', 'yaml'],
  ['get', 'pods', '-o', 'json'],
  ['get', 'pods', '-l', 'job-name=hello', '-o', 'name'],
  ['get', 'all', '-A'],
  ['get', 'cronjobs', '--no-headers'],
  ['get', 'job/missing'],
  ['get', 'frogs'],
  ['describe', 'job', 'hello'],
  ['describe', 'pods'],
  ['describe', 'cronjob/yearly'],
  ['describe', 'job/missing'],
  ['logs', 'job/hello'],
  ['logs', 'job/hello', '--timestamps', '--tail', '1'],
  ['logs', 'job/hello', '-c', 'missing'],
  ['logs', '-f', 'job/hello'],
  ['logs', 'job/missing'],
  ['history', 'job/hello'],
  ['history', 'job/hello', '-o', 'json'],
  ['history', 'cronjob/yearly'],
  ['export'],
]

/** How long ago something was is another thing each time. */
const withoutAges = ({ code, out, err }: Ended) => ({
  code,
  err,
  out: out.replaceAll(/\b(\d+[dhms]){1,2}\b( ago)?/g, 'AGE').replaceAll(/ {2,}/g, '  '),
})

const yearly = (jobledger: CommandLine): string => {
  const path = join(jobledger.folder, 'yearly.json')
  const { spec } = JSON.parse(readFileSync(jobledger.manifest('of-year', 'true', { suspend: true }), 'utf8'))
  const cronJob = { schedule: '0 0 1 1 *', jobTemplate: { spec } }
  writeFileSync(
    path,
    JSON.stringify({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'yearly' }, spec: cronJob }),
  )
  return path
}

/** Changes of every kind, one after the other; each line is a command. */
const changes = (jobledger: CommandLine): ReadonlyArray<ReadonlyArray<string>> => {
  const job = jobledger.manifest('still', 'true', { suspend: true })
  const wider = jobledger.manifest('still-wider', 'true', { suspend: true, parallelism: 3, completions: 1 })
  writeFileSync(wider, readFileSync(wider, 'utf8').replace('"still-wider"', '"still"'))
  const bad = jobledger.manifest('bad', 'true', { parallelism: -1 })
  return [
    ['apply', '-f', job],
    ['apply', '-f', job],
    ['apply', '-f', wider],
    ['apply', '-f', bad],
    ['apply', '-f', join(jobledger.folder, 'nowhere')],
    ['scale', 'job/still', '--parallelism', '0'],
    ['resume', 'job/still'],
    ['suspend', 'job/still'],
    ['suspend', 'job/missing'],
    ['scale', 'job/missing', '--parallelism', '1'],
    ['apply', '-f', yearly(jobledger)],
    ['suspend', 'cronjob/yearly'],
    ['resume', 'cronjob/yearly'],
    ['create', 'job', 'now', '--from=cronjob/yearly'],
    ['create', 'job', 'now', '--from=cronjob/yearly'],
    ['create', 'job', 'never', '--from=cronjob/missing'],
    ['delete', 'job/now'],
    ['delete', 'job/still', '--cascade', 'foreground'],
    ['delete', 'job/missing'],
    ['delete', 'cronjob/yearly'],
    ['delete', 'cronjob/missing'],
  ]
}

const told = async (jobledger: CommandLine) => {
  const answers: Array<readonly [command: string, code: number | null, text: string]> = []
  for (const words of changes(jobledger)) {
    const { code, out, err } = await jobledger.run(...words)
    answers.push([words.join(' '), code, out + err])
  }
  return answers.map(([command, code, text]) =>
    [command, code, text].map((part) => String(part).replaceAll(jobledger.folder, '<folder>')),
  )
}

describe('the command line beside a server', { timeout: 120_000 }, () => {
  test('reads the same as without it', async ({ jobledger, expect }) => {
    const { server } = await serving(jobledger)
    await jobledger.ask('apply', '-f', yearly(jobledger))
    await jobledger.ask('apply', '-f', jobledger.manifest('hello', 'echo one; echo two'))
    await until('the Job is complete', async () => (await jobledger.ask('get', 'job/hello')).includes('Complete'))
    const readAll = () =>
      Promise.all(reads.map(async (words) => [words.join(' '), withoutAges(await jobledger.run(...words))]))
    const beside = await readAll()
    server.signal('SIGINT')
    expect(await server.ended).toMatchObject({ code: 0 })
    expect(await readAll()).toStrictEqual(beside)
  })

  test('changes the same as without it, and is named as the one who did it', async ({ jobledger, expect, task }) => {
    await serving(jobledger, '--runtime', 'external')
    const beside = await told(jobledger)
    await inFolder(`${task.id}-alone`, async (alone) => {
      const inVain = 'nothing works for it yet: start `jobledger work`\n'
      const byItself = await told(alone)
      expect(byItself.filter(([, , text = '']) => text.includes(inVain))).toHaveLength(3)
      expect(byItself.map((parts) => parts.map((part) => part.replace(inVain, '')))).toStrictEqual(beside)
    })
    expect(beside.filter(([, code]) => code === '0')).toHaveLength(13)
    const events = (await jobledger.ask('export'))
      .split('\n')
      .filter((line) => /"(JobCreated|CronJobCreated|JobDeletionRequested|JobSuspended|ParallelismChanged)"/.test(line))
    expect(events.length).toBeGreaterThanOrEqual(5)
    for (const event of events) expect(event).toContain(userName)
  })
})
