import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFailed, onTestFinished, test } from 'vitest'
import { beginning, type StoredEvent } from '../../../../src/application/ports/event-store.ts'
import { readEvent } from '../../../../src/application/read-event.ts'
import type { JobEvent } from '../../../../src/domain/job/events.ts'
import { evolveAll } from '../../../../src/domain/job/evolve.ts'
import { noJob } from '../../../../src/domain/job/job.ts'
import { E } from '../../../../src/prelude.ts'
import { openEsdbReader } from '../../../../src/adapters/eventstore/esdb/open-esdb-event-store.ts'
import { runJobledger } from '../../../crash/jobledger-process.ts'
import { allow, testifyingJob, testimonies, verdict } from '../../../crash/judge.ts'
import { brokenLinks } from '../../../crash/stored-log.ts'
import { lastingSurvivors } from '../../../crash/survivors.ts'
import { right } from '../../../support/event-stores.ts'
import { startDoubleProcess } from '../../../support/esdb-double/double-process.ts'
import { numbersOf } from './fault-schedules.ts'

const kills = Number(process.env['JOBLEDGER_TEST_ESDB_KILLS'] ?? 3)
const seed = Number(process.env['JOBLEDGER_TEST_SEED'] || Math.floor(Math.random() * 2 ** 31))
const completions = 20

test(`a Job on EventStoreDB completes once over ${kills} kills of jobledger and ${kills} restarts of the store (seed ${seed})`, async () => {
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
    const running = runJobledger(args, { _tag: 'Moment', afterMs: 1200 + next() * 2000 }, env)
    await new Promise((resolve) => setTimeout(resolve, next() * 1800))
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
  console.log(`${kills} kills and ${kills} restarts, seed ${seed}: ${log.length} events, ${lost} Pods were lost`)
}, 240_000)

const storedLog = async (address: string): Promise<ReadonlyArray<StoredEvent>> => {
  const reader = await openEsdbReader(address)
  if (E.isLeft(reader)) throw new Error(reader.left.message)
  const events = await right(reader.right.readAll(beginning, 1_000_000))
  await reader.right.close()
  return events
}
