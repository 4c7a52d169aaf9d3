import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { askHolder } from '../../../../src/adapters/holder-socket/ask-holder.ts'
import { E } from '../../../../src/prelude.ts'
import { startDoubleProcess } from '../../../support/esdb-double/double-process.ts'
import { until } from '../../../cli/until.ts'
import { type Ended, test } from '../../../support/jobledger.ts'

const awayMs = Number(process.env['JOBLEDGER_TEST_ESDB_AWAY_MS'] ?? 4000)

test(`while EventStoreDB is away for ${awayMs / 1000} s reads go on from memory, writes are refused, and Pods run on`, async ({
  jobledger: { folder, dataDir, start, manifest },
  expect,
}) => {
  const double = await startDoubleProcess(join(folder, 'esdb'))
  onTestFinished(() => double.stop())
  const env = { JOBLEDGER_STORE: double.connectionString }
  const ask = (...words: ReadonlyArray<string>): Promise<Ended> => start(words, { env }).ended
  const signs = join(folder, 'signs')
  mkdirSync(signs)
  const signsOf = (word: string): number => readdirSync(signs).filter((name) => name.startsWith(word)).length
  const script = `touch ${signs}/began-$POD; until test -e ${signs}/go; do sleep 0.05; done; touch ${signs}/ended-$POD`
  const job = { completions: 4, parallelism: 2, template: templateOf(script, signs) }
  const running = start(['run', '-f', manifest('patient', '', job)], { env })
  await until('two Pods run', () => signsOf('began') === 2)
  await running.says('2 active')

  const goneAt = Date.now()
  await double.stop()
  await running.says('EventStoreDB is not followed now')
  const change = { suspend: true }
  const suspension = {
    type: 'change',
    namespace: 'default',
    name: 'patient',
    change,
    user: 'me',
    agent: 'test',
  } as const
  const [jobs, pods, stranger, suspended, refusal] = await Promise.all([
    ask('get', 'jobs'),
    ask('get', 'pods'),
    ask('--data-dir', join(folder, 'nobody'), 'get', 'jobs'),
    ask('suspend', 'job/patient'),
    askHolder(dataDir, suspension),
  ])
  expect(jobs).toMatchObject({ code: 0, out: expect.stringMatching(/^NAME +STATUS .*\npatient +Running +0\/4 /) })
  expect(jobs.err).toMatch(/^EventStoreDB is away: .*\nfrom the memory of the process .*, as of position \d+:\n$/)
  expect(pods).toMatchObject({ code: 0, out: expect.stringMatching(/(\npatient-\w+ +1\/1 +Running .*){2}\n$/) })
  for (const answer of [stranger, suspended])
    expect(answer).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^error: EventStoreDB is away: /) })
  expect(refusal).toEqual(
    E.right({ type: 'refused', reason: expect.stringContaining('the log is not available: EventStoreDB is away: ') }),
  )
  writeFileSync(join(signs, 'go'), '')
  await until('both have ended', () => signsOf('ended') === 2)
  await sleep(Math.max(0, awayMs - (Date.now() - goneAt)))
  expect([signsOf('began'), signsOf('ended')], 'no Pod is started that the log does not know').toEqual([2, 2])
  const awayForMs = Date.now() - goneAt
  await double.restart()

  expect(await running.ended).toMatchObject({ code: 0, err: expect.stringContaining('job/patient is Complete') })
  expect([signsOf('began'), signsOf('ended')], 'each Pod ran once').toEqual([4, 4])
  const history: ReadonlyArray<Line> = JSON.parse((await ask('history', 'job/patient', '-o', 'json')).out)
  const timesOf = (type: string) => history.flatMap(({ event, time }) => (event === type ? [Date.parse(time)] : []))
  expect(timesOf('PodCreated')).toHaveLength(4)
  expect(timesOf('JobSuspended')).toEqual([])
  const succeeded = timesOf('PodSucceeded')
  expect(succeeded).toHaveLength(4)
  const meanwhile = succeeded.filter((at) => at > goneAt && at < goneAt + awayForMs)
  expect(meanwhile, 'facts keep the time at which they happened').toHaveLength(2)
  console.log(`EventStoreDB was away for ${awayForMs / 1000} s; for a minute: JOBLEDGER_TEST_ESDB_AWAY_MS=60000`)
}, 180_000)

type Line = { readonly event: string; readonly time: string }

const templateOf = (script: string, folder: string) => ({
  spec: {
    restartPolicy: 'Never',
    containers: [
      {
        name: 'main',
        image: 'busybox:1.28',
        command: ['sh', '-c', script],
        env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        volumeMounts: [{ name: 'signs', mountPath: folder }],
      },
    ],
    volumes: [{ name: 'signs', hostPath: { path: folder } }],
  },
})
