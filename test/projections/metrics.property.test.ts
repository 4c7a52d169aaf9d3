import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JobCommand } from '../../src/domain/job/commands.ts'
import { decide } from '../../src/domain/job/decide.ts'
import type { JobEventType } from '../../src/domain/job/events.ts'
import { podRow } from '../../src/domain/job/pod-columns.ts'
import { E } from '../../src/prelude.ts'
import { emptyJobView, foldJobView, type JobView } from '../../src/projections/job-view.ts'
import { type MetricsFold, metricsFold } from '../../src/projections/metrics.ts'
import type { Recorded } from '../../src/projections/recorded.ts'
import { sync } from '../support/given.ts'
import { type RandomHistory, randomHistory } from '../support/random-history.ts'
import { birth, recordedOf } from '../support/told.ts'

type Past = { readonly view: JobView; readonly history: ReadonlyArray<Recorded> }

/** What the decider makes of a random history; commands that are refused change nothing. */
const lived = ({ manifest, podsRunElsewhere, steps }: RandomHistory): Past => {
  let past: Past = { view: emptyJobView, history: [] }
  let at = birth
  const does = (command: JobCommand): void => {
    const decision = decide(command, { at, seed: 'seed-1' })(past.view.state)
    if (E.isLeft(decision)) return
    const more = recordedOf(decision.right, past.history.length)
    past = { view: foldJobView(past.view, more), history: [...past.history, ...more] }
  }
  does({ type: 'CreateJob', uid: 'uid-1', manifest, podBackoffBaseMs: 10_000, podsRunElsewhere })
  does(sync)
  for (const { afterMs, commands } of steps) {
    at += afterMs
    const pods = past.view.state._tag === 'Job' ? past.view.state.pods.size : 0
    for (const command of commands) does(command(pods, at))
    does(sync)
  }
  return past
}

const sumOf = (metrics: MetricsFold, name: string, isCounted = (_: Readonly<Record<string, string>>) => true): number =>
  metrics
    .families()
    .flatMap((family) => (family.type === 'counter' && family.name === `job_controller_${name}` ? family.samples : []))
    .reduce((sum, { labels, value }) => sum + (isCounted(labels) ? value : 0), 0)

/** Pods that have ended and that the Job still tracks. */
const awaited = ({ view: { state } }: Past): number =>
  state._tag === 'NoJob'
    ? 0
    : Array.from({ length: state.pods.size }, (_, pod) => podRow(state.pods, pod)).filter(
        ({ phase, tracked }) => tracked && (phase === 'Succeeded' || phase === 'Failed'),
      ).length

test('[9.2] whatever happens to a Job, its metrics are what a plain count of its events gives, however the log is cut', () => {
  fc.assert(
    fc.property(randomHistory, fc.integer({ min: 1, max: 40 }), (random, pieceSize) => {
      const past = lived(random)
      const whole = metricsFold()
      whole.jobs([{ uid: 'uid-1', view: past.view, recorded: past.history }])
      const cut = metricsFold()
      let view = emptyJobView
      for (let from = 0; from < past.history.length; from += pieceSize) {
        const recorded = past.history.slice(from, from + pieceSize)
        view = foldJobView(view, recorded)
        cut.jobs([{ uid: 'uid-1', view, recorded }])
      }
      expect(cut.families()).toStrictEqual(whole.families())
      const events = (type: JobEventType) => past.history.filter(({ event }) => event.type === type).length
      const ended = (result: string) => sumOf(whole, 'job_syncs_total', (labels) => labels['result'] === result)
      expect([ended('success'), ended('error')]).toStrictEqual([events('JobSynced'), events('StatusWithheld')])
      expect(sumOf(whole, 'job_pods_creation_total')).toBe(events('PodCreated'))
      expect(sumOf(whole, 'jobs_finished_total')).toBe(events('JobCompleted') + events('JobFailed'))
      const tracking = (event: string) =>
        sumOf(whole, 'terminated_pods_tracking_finalizer_total', (labels) => labels['event'] === event)
      expect(tracking('add') - tracking('delete')).toBe(awaited(past))
    }),
    { numRuns: 60 },
  )
})
