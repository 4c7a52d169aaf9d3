import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe } from 'vitest'
import { askHolder } from '../../../../src/adapters/holder-socket/ask-holder.ts'
import { beginning, type StoredEvent } from '../../../../src/application/ports/event-store.ts'
import { readEvent } from '../../../../src/application/log/read-event.ts'
import type { JobEvent } from '../../../../src/domain/job/events.ts'
import { evolveAll } from '../../../../src/domain/job/evolve.ts'
import { noJob } from '../../../../src/domain/job/job.ts'
import { E } from '../../../../src/prelude.ts'
import { openEsdbReader } from '../../../../src/adapters/eventstore/esdb/open-esdb-event-store.ts'
import { runJobledger } from '../../../crash/jobledger-process.ts'
import { allow, testifyingJob, testimonies, verdict } from '../../../crash/judge.ts'
import { brokenLinks } from '../../../crash/stored-log.ts'
import { lastingSurvivors } from '../../../crash/survivors.ts'
import { until } from '../../../cli/until.ts'
import { right } from '../../../support/event-stores.ts'
import { startDoubleProcess } from '../../../support/esdb-double/double-process.ts'
import { type Ended, test } from '../../../support/jobledger.ts'
import { numbersOf } from './fault-schedules.ts'

const kills = Number(process.env['JOBLEDGER_TEST_ESDB_KILLS'] ?? 3)
const seed = Number(process.env['JOBLEDGER_TEST_SEED'] || Math.floor(Math.random() * 2 ** 31))
const completions = 20
const awayMs = Number(process.env['JOBLEDGER_TEST_ESDB_AWAY_MS'] ?? 4000)

/** Side by side, because both mostly wait. */
describe.concurrent('jobledger and EventStoreDB, each a process of its own', { timeout: 240_000 }, () => {
  test(`a Job on EventStoreDB completes once over ${kills} kills of jobledger and ${kills} restarts of the store (seed ${seed})`, async ({
    expect,
    onTestFinished,
    onTestFailed,
  }) => {
    const place = realpathSync(mkdtempSync(join(tmpdir(), 'jobledger-esdb-')))
    onTestFinished(() => rmSync(place, { recursive: true, force: true }))
    const [folder, dataDir, file] = [join(place, 'judge'), join(place, 'data'), join(place, 'job.json')]
    mkdirSync(folder)
    writeFileSync(file, JSON.stringify(testifyingJob(folder, { completions })))
    const double = await startDoubleProcess(join(place, 'esdb'))
    onTestFinished(() => double.stop())
    const args = ['--data-dir', dataDir, 'run', '-f', file, '--pod-backoff', '0.001']
    const env = { JOBLEDGER_STORE: double.connectionString }
    const next = numbersOf(seed)
    let said = ''
    onTestFailed(() => console.error(`seed ${seed}; the last run:\n${said}`))
    let known: ReadonlyArray<StoredEvent> = []

    for (let kill = 0; kill < kills; kill += 1) {
      allow(folder, Math.floor(((completions - 1) * kill) / kills))
      const running = runJobledger(args, { _tag: 'Moment', afterMs: 1000 + next() * 1800 }, env)
      await new Promise((resolve) => setTimeout(resolve, next() * 1600))
      await double.restart(next() * 600)
      const run = await running
      said = run.said
      expect(run, `kill ${kill}`).toMatchObject({ code: null, signal: 'SIGKILL' })
      const log = await storedLog(double.connectionString)
      expect(log.slice(0, known.length), 'the log begins with what was read before').toStrictEqual(known)
      expect(brokenLinks(log)).toEqual([])
      known = log
    }
    allow(folder, completions)
    const last = await runJobledger(args, null, env)
    said = last.said
    expect(last).toMatchObject({ code: 0, signal: null })
    expect(await lastingSurvivors(['JOBLEDGER_POD_UID', dataDir]), 'processes left behind').toEqual([])

    const log = await storedLog(double.connectionString)
    expect(log.slice(0, known.length)).toStrictEqual(known)
    expect(brokenLinks(log)).toEqual([])
    const events = log.map((stored): JobEvent => readEvent(stored).event as JobEvent)
    expect(evolveAll(noJob, events)).toMatchObject({
      finished: { _tag: 'Success', reason: 'CompletionsReached' },
      published: { counts: { active: 0, ready: 0, terminating: 0, succeeded: completions } },
    })
    const counted = events.flatMap((event) => (event.type === 'PodAccounted' ? [event.pod] : []))
    expect(counted.length, 'no Pod is counted twice').toBe(new Set(counted).size)
    expect(verdict(testimonies(folder))).toEqual([])
    const lost = events.filter((event) => event.type === 'PodFailed' && event.reason === 'NodeLost').length
    console.log(
      `${kills} kills and ${kills} restarts, seed ${seed}: ${log.length} events, ${lost} Pods were lost; the whole of it: JOBLEDGER_TEST_ESDB_KILLS=30`,
    )
  })

  test(`while EventStoreDB is away for ${awayMs / 1000} s reads go on from memory, writes are refused, and Pods run on`, async ({
    jobledger: { folder, dataDir, start, manifest },
    expect,
    onTestFinished,
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
    await until('the log has it', async () => {
      const { out } = await ask('get', 'pods', '--no-headers')
      return [...out.matchAll(/ Running /g)].length === 2
    })

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
    // Long enough for the process to notice it.
    await sleep(Math.max(1000, awayMs - (Date.now() - goneAt)))
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
  })
})

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

const storedLog = async (address: string): Promise<ReadonlyArray<StoredEvent>> => {
  const reader = await openEsdbReader(address)
  if (E.isLeft(reader)) throw new Error(reader.left.message)
  const events = await right(reader.right.readAll(beginning, 1_000_000))
  await reader.right.close()
  return events
}
