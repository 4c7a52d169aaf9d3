import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe } from 'vitest'
import type { CronJobEventOf } from '../../src/domain/cronjob/events.ts'
import type { JobEventOf } from '../../src/domain/job/events.ts'
import { test } from '../support/jobledger.ts'
import { brokenLinks, storedLog } from './stored-log.ts'

const cronJob = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'tick' },
  spec: {
    schedule: '@every 1s',
    jobTemplate: {
      spec: {
        template: {
          spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', command: ['true'] }] },
        },
      },
    },
  },
}

/** A time went by before the worker came: its first append is the run of that time, the second the Job of the run. */
const points = [
  ['a run is scheduled and nobody knows yet', 'after-commit:1'],
  ['the Job of a run is about to be stored', 'before-commit:2'],
  ['the Job of a run is stored and nobody knows yet', 'after-commit:2'],
  ['the Job of a run is there and its CronJob does not know', 'before-run-outcome'],
] as const

describe.concurrent('a worker that is killed when', { timeout: 60_000 }, () => {
  test.for(points)('%s: the next one goes on with the same Job', async ([, point], { jobledger, expect }) => {
    const file = join(jobledger.folder, 'tick.json')
    writeFileSync(file, JSON.stringify(cronJob))
    await jobledger.ask('apply', '-f', file)
    await sleep(1100)
    const killed = await jobledger.start(['work', '--runtime', 'simulated'], { env: { JOBLEDGER_CRASH_AT: point } })
      .ended
    expect(killed).toMatchObject({ code: null, signal: 'SIGKILL' })
    const before = await storedLog(jobledger.dataDir)
    expect(before.map(({ type }) => type)).not.toContain('RunStarted')
    const next = jobledger.start(['work', '--runtime', 'simulated'])
    await next.says(/RunFinished: tick-\d+ is no longer active: Complete/)
    next.signal('SIGINT')
    expect(await next.ended).toMatchObject({ code: 0 })

    const log = await storedLog(jobledger.dataDir)
    expect(log.slice(0, before.length)).toStrictEqual(before)
    expect(brokenLinks(log)).toEqual([])
    const told = <Event>(type: string): ReadonlyArray<Event> =>
      log.filter((stored) => stored.type === type).map(({ data }) => JSON.parse(data) as Event)
    const [scheduled] = told<CronJobEventOf<'RunScheduled'>>('RunScheduled')
    const [started] = told<CronJobEventOf<'RunStarted'>>('RunStarted')
    const jobs = told<JobEventOf<'JobCreated'>>('JobCreated')
    expect(started).toMatchObject({ uid: scheduled?.uid, name: scheduled?.name, found: false })
    expect(jobs[0]).toMatchObject({ uid: scheduled?.uid, name: scheduled?.name })
    expect(new Set(jobs.map(({ name }) => name)).size).toBe(jobs.length)
  })
})
