import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFailed, onTestFinished, test } from 'vitest'
import { newLedger } from '../../src/application/log/ledger.ts'
import type { StoredEvent } from '../../src/application/ports/event-store.ts'
import { readEvent } from '../../src/application/log/read-event.ts'
import type { JobEvent, JobEventOf, JobEventType } from '../../src/domain/job/events.ts'
import { evolve, evolveAll } from '../../src/domain/job/evolve.ts'
import { renderIndexes } from '../../src/domain/job/index-set.ts'
import { type JobState, noJob } from '../../src/domain/job/job.ts'
import { crashPlan, crashPoints, textOf } from './crash-plan.ts'
import { runJobledger } from './jobledger-process.ts'
import { allow, testifyingJob, testimonies, verdict } from './judge.ts'
import { brokenLinks, storedLog } from './stored-log.ts'
import { lastingSurvivors } from './survivors.ts'

const completions = 20
const seed = Number(process.env['JOBLEDGER_TEST_SEED'] || Math.floor(Math.random() * 2 ** 31))

test.each([
  { where: 'in the sandbox of this machine', programs: null, perPoint: 5, moments: 8 },
  { where: 'without bubblewrap', programs: ['mkfifo'], perPoint: 2, moments: 4 },
])(
  `a Job that is killed over and over $where completes once, forgets nothing and runs nothing twice (seed ${seed})`,
  { timeout: 120_000 },
  async ({ where, programs, perPoint, moments }) => {
    const { place, folder, dataDir, args } = newPlace()
    const env = programs === null ? {} : { PATH: folderOfPrograms(place, programs) }
    const plan = crashPlan(seed, { perPoint, moments })
    const hits = new Map<string, number>()
    let known: ReadonlyArray<StoredEvent> = []
    let said = ''
    onTestFailed(() => {
      console.error(
        `seed ${seed}, after ${[...hits.values()].reduce((a, b) => a + b, 0)} kills; the last run:\n${said}`,
      )
    })

    for (const [kills, crash] of plan.entries()) {
      allow(folder, Math.floor(((completions - 1) * kills) / plan.length))
      const run = await runJobledger(args, crash, env)
      said = run.said
      expect(run, `kill ${kills}, ${textOf(crash)}`).toMatchObject({ code: null, signal: 'SIGKILL' })
      const name = crash._tag === 'Point' ? crash.point : 'a random moment'
      hits.set(name, (hits.get(name) ?? 0) + 1)
      const ran = startedPods(folder)
      const log = await storedLog(dataDir)
      expect(log.slice(0, known.length), 'the log begins with what was read before').toStrictEqual(known)
      expect(brokenLinks(log)).toEqual([])
      const launched = new Set(launchedPods(log))
      expect(
        ran.filter((pod) => !launched.has(pod)),
        'Pods that ran unknown to the log',
      ).toEqual([])
      expect(succeededSoFar(log), 'what was said to have succeeded').toBeGreaterThanOrEqual(saidSucceeded(said))
      known = log
    }

    allow(folder, completions)
    const last = await runJobledger(args, null, env)
    said = last.said
    expect(await lastingSurvivors(['JOBLEDGER_POD_UID', dataDir, folder]), 'processes left behind').toEqual([])
    expect(last).toMatchObject({ code: 0, signal: null })

    const log = await storedLog(dataDir)
    expect(log.slice(0, known.length)).toStrictEqual(known)
    expect(brokenLinks(log)).toEqual([])
    const events = log.map((stored) => readEvent(stored).event)
    const job = evolveAll(noJob, events)
    expect(job).toMatchObject({
      finished: { _tag: 'Success', reason: 'CompletionsReached' },
      published: { counts: { active: 0, ready: 0, terminating: 0, succeeded: completions } },
    })
    expect(job._tag === 'Job' && renderIndexes(job.published.completed)).toBe('0-19')
    expect(ofType(events, 'JobCreated')).toHaveLength(1)
    expect(ofType(events, 'JobCompleted')).toHaveLength(1)
    expectCountedOnce(events, folder)
    expectOneFold(log, job)

    const ran = testimonies(folder)
    expect(verdict(ran)).toEqual([])
    expect(Object.keys(crashPoints).map((point) => `${point} ${hits.get(point)}x`)).toStrictEqual(
      Object.keys(crashPoints).map((point) => `${point} ${perPoint}x`),
    )
    const sandbox = last.said.includes('plain process groups') ? 'plain process groups' : 'bubblewrap'
    const lost = ofType(events, 'PodFailed').filter(({ reason }) => reason === 'NodeLost').length
    console.log(
      `${where} (${sandbox}), seed ${seed}: killed at ${[...hits].map(([name, n]) => `${name} ${n}x`).join(', ')}; ` +
        `${log.length} events, ${startedPods(folder).length} Pods ran, ${lost} were lost`,
    )
  },
)

/** The folder of the judge lies outside of the data folder, which Pods cannot see. */
const newPlace = () => {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'jobledger-crash-')))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  const [folder, dataDir, file] = [join(place, 'judge'), join(place, 'data'), join(place, 'job.json')]
  mkdirSync(folder)
  writeFileSync(file, JSON.stringify(testifyingJob(folder, { completions })))
  return { place, folder, dataDir, args: ['--data-dir', dataDir, 'run', '-f', file, '--pod-backoff', '0.001'] }
}

/** A `PATH` on which nothing but these programs of the machine is found. */
const folderOfPrograms = (place: string, programs: ReadonlyArray<string>): string => {
  const folder = join(place, 'bin')
  mkdirSync(folder)
  for (const program of programs)
    symlinkSync(execFileSync('which', [program], { encoding: 'utf8' }).trim(), join(folder, program))
  return folder
}

const ofType = <K extends JobEventType>(events: ReadonlyArray<JobEvent>, type: K): ReadonlyArray<JobEventOf<K>> =>
  events.filter((event): event is JobEventOf<K> & JobEvent => event.type === type)

const startedPods = (folder: string): ReadonlyArray<string> =>
  testimonies(folder).flatMap(({ word, pod }) => (word === 'start' ? [pod] : []))

/** Names of the Pods whose processes the log knows. */
const launchedPods = (log: ReadonlyArray<StoredEvent>): ReadonlyArray<string> => {
  const events = log.map((stored) => readEvent(stored).event)
  const names = new Map(ofType(events, 'PodCreated').map(({ pod, name }) => [pod, name]))
  return ofType(events, 'ProcessStarted').map(({ pod }) => names.get(pod) ?? `Pod ${pod} that was never created`)
}

const succeededSoFar = (log: ReadonlyArray<StoredEvent>): number =>
  ofType(
    log.map((stored) => readEvent(stored).event),
    'PodAccounted',
  ).filter(({ as }) => as === 'succeeded').length

/** The number of the last line of progress, such as `3/20 succeeded`; 0 when there was none. */
const saidSucceeded = (said: string): number => Number([...said.matchAll(/(\d+)\/\d+ succeeded/g)].at(-1)?.[1] ?? 0)

/** Each index has one counted Pod; that Pod said its end to the judge itself, and nothing of its index started later. */
const expectCountedOnce = (events: ReadonlyArray<JobEvent>, folder: string): void => {
  const created = new Map(ofType(events, 'PodCreated').map((event) => [event.pod, event]))
  const counted = ofType(events, 'PodAccounted')
  const pods = counted.map(({ pod }) => pod)
  expect(pods.length, 'no Pod is counted twice').toBe(new Set(pods).size)
  const winners = counted.filter(({ as }) => as === 'succeeded').map(({ pod }) => created.get(pod))
  const indexes = winners.map((winner) => winner?.index ?? -1).toSorted((a, b) => a - b)
  expect(indexes).toEqual(Array.from({ length: completions }, (_, index) => index))
  const said = testimonies(folder)
  for (const winner of winners) {
    const ofIndex = said.filter(({ index }) => index === winner?.index)
    expect(ofIndex.at(-1), `index ${winner?.index}`).toMatchObject({ word: 'end', pod: winner?.name })
  }
}

/** The same Job one event after the other, in one batch, and as the read side folds it, in pages that split appends. */
const expectOneFold = (log: ReadonlyArray<StoredEvent>, job: JobState): void => {
  const one = log.reduce((state, stored) => evolve(state, readEvent(stored).event), noJob as JobState)
  expect(plain(one)).toStrictEqual(plain(job))
  const ledger = newLedger()
  for (let from = 0; from < log.length; from += 7) ledger.apply(log.slice(from, from + 7))
  expect(ledger.all()).toHaveLength(1)
  expect(plain(ledger.all()[0]?.state)).toStrictEqual(plain(job))
}

/** Tokens of ownership say who may write, not what is so. */
const plain = (state: unknown): unknown =>
  JSON.parse(
    JSON.stringify(state, (key, value) =>
      key === 'owner' ? undefined : ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value,
    ),
  )
