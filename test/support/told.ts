import type { JobCommand } from '../../src/domain/job/commands.ts'
import { decide } from '../../src/domain/job/decide.ts'
import type { JobEvent } from '../../src/domain/job/events.ts'
import type { JobManifest } from '../../src/domain/kubernetes/job-object.ts'
import type { PodSpec } from '../../src/domain/kubernetes/pod-spec.ts'
import { E } from '../../src/prelude.ts'
import { emptyJobView, foldJobView, type JobView } from '../../src/projections/job-view.ts'
import type { Recorded } from '../../src/projections/recorded.ts'
import { sync } from './given.ts'
import { manifest } from './manifests.ts'

/** When these Jobs are created. */
export const birth = Date.UTC(2026, 6, 21, 8)

/** A Job's history as readers see it, made by the decider; times are seconds since its creation. */
export type Told = {
  readonly view: JobView
  readonly history: ReadonlyArray<Recorded>
  readonly and: (command: JobCommand, atSecond?: number) => Told
  readonly sync: (atSecond?: number) => Told
}

export const told = (job: JobManifest = manifest()): Told =>
  next(emptyJobView, []).and({
    type: 'CreateJob',
    uid: 'uid-1',
    manifest: job,
    podBackoffBaseMs: 10_000,
    podsRunElsewhere: false,
  })

/** The same with a Pod spec of one's own. */
export const toldOf = (spec: Partial<PodSpec>, over: Partial<JobManifest['spec']> = {}): Told => {
  const job = manifest(over)
  const { template } = job.spec
  return told({ ...job, spec: { ...job.spec, template: { ...template, spec: { ...template.spec, ...spec } } } })
}

const next = (view: JobView, history: ReadonlyArray<Recorded>): Told => {
  const and: Told['and'] = (command, atSecond = 0) => {
    const decision = decide(command, { at: birth + atSecond * 1000, seed: 'seed-1' })(view.state)
    if (E.isLeft(decision)) throw new Error(`${command.type} was refused: ${JSON.stringify(decision.left)}`)
    const more = recordedOf(decision.right, history.length)
    return next(foldJobView(view, more), [...history, ...more])
  }
  return { view, history, and, sync: (atSecond) => and(sync, atSecond) }
}

/** Events as the log gives them, behind `before` others; positions count from 1. */
export const recordedOf = (events: ReadonlyArray<JobEvent>, before = 0): ReadonlyArray<Recorded> =>
  events.map((event, place) => ({
    id: `event-${before + place + 1}`,
    stream: 'job-uid-1',
    revision: before + place,
    position: BigInt(before + place + 1),
    event,
  }))

/** A second after the creation, as Kubernetes writes it. */
export const timeAt = (second: number): string => new Date(birth + second * 1000).toISOString().replace('.000', '')

export const atSecond = (second: number): number => birth + second * 1000
