import fc from 'fast-check'
import type { JobCommand } from '../../src/domain/job/commands.ts'
import type { PodObservation } from '../../src/domain/job/observations.ts'
import type { JobManifest } from '../../src/domain/kubernetes/job-object.ts'
import { change } from './given.ts'
import { manifest } from './manifests.ts'

/** What is told at once, `afterMs` after what was told before. A Pod's ordinal is taken modulo the Pods there are, and one more. */
export type Step = {
  readonly afterMs: number
  readonly commands: ReadonlyArray<(pods: number, at: number) => JobCommand>
}

const observation = fc.constantFrom<(at: number) => PodObservation>(
  (at) => ({ type: 'ProcessStarted', container: 0, restart: 0, bootId: 'boot', pid: 7, startTicks: 9, at }),
  (at) => ({ type: 'ProcessStarted', container: 0, restart: 1, bootId: 'boot', pid: 8, startTicks: 9, at }),
  (at) => ({ type: 'PodStarted', ready: true, at }),
  (at) => ({ type: 'PodStarted', ready: false, at }),
  (at) => ({ type: 'PodReadinessChanged', ready: true, at }),
  (at) => ({ type: 'PodReadinessChanged', ready: false, at }),
  (at) => ({
    type: 'ContainerWaiting',
    container: 0,
    restart: 1,
    reason: 'CrashLoopBackOff',
    until: at,
    backoffMs: 1,
    at,
  }),
  (at) => ({ type: 'PodSucceeded', at }),
  (at) => ({ type: 'PodSucceeded', at }),
  (at) => ({ type: 'PodFailed', reason: null, exitCode: 1, at }),
  (at) => ({ type: 'PodFailed', reason: 'DeadlineExceeded', exitCode: null, at }),
)

const facts = fc.array(fc.record({ pod: fc.nat(90), observation }), { minLength: 1, maxLength: 25, size: 'max' }).map(
  (told) =>
    (pods: number, at: number): JobCommand => ({
      type: 'RecordPodFacts',
      facts: told.map((fact) => ({ pod: fact.pod % (pods + 1), observation: fact.observation(at) })),
    }),
)

const changes = fc.oneof(
  fc.nat(20).map((parallelism) => change({ parallelism })),
  fc.constantFrom(0, 5, 100, 200).map((backoffLimit) => change({ backoffLimit })),
  fc.constantFrom(true, false, false, false).map((suspend) => change({ suspend })),
  fc.constant(change({ suspend: false })),
  fc
    .option(fc.constantFrom(30, 100_000), { freq: 2 })
    .map((activeDeadlineSeconds) => change({ activeDeadlineSeconds })),
  fc.option(fc.nat(60)).map((ttlSecondsAfterFinished) => change({ ttlSecondsAfterFinished })),
)

const podDeletion = fc.record({ pod: fc.nat(90), graceSeconds: fc.option(fc.nat(40)) }).map(
  ({ pod, graceSeconds }) =>
    (pods: number): JobCommand => ({ type: 'DeletePod', pod: pod % (pods + 1), graceSeconds }),
)

const always = (command: JobCommand) => (): JobCommand => command
const intents = fc.constantFrom<JobCommand>(
  { type: 'FailOnBackoff' },
  { type: 'ExpireDeadline' },
  { type: 'DeleteExpired' },
  { type: 'RemovePods' },
  { type: 'RecordLostPods' },
  { type: 'WithdrawPods' },
)

const command = fc.oneof(
  { weight: 8, arbitrary: facts },
  { weight: 6, arbitrary: fc.constant(always({ type: 'CreatePods' })) },
  { weight: 3, arbitrary: changes.map(always) },
  { weight: 2, arbitrary: podDeletion },
  { weight: 2, arbitrary: intents.map(always) },
)

const deletion = fc
  .constantFrom('Background' as const, 'Foreground' as const)
  .map((propagation) => always({ type: 'DeleteJob', propagation }))

const step = (commands: fc.Arbitrary<Step['commands'][number]>): fc.Arbitrary<Step> =>
  fc.record({
    afterMs: fc.constantFrom(1, 10_000, 700_000),
    commands: fc.array(commands, { minLength: 1, maxLength: 3 }),
  })

export type RandomHistory = { readonly manifest: JobManifest; readonly steps: ReadonlyArray<Step> }

/** A Job and what it is told: at first nobody deletes it, in half of the histories somebody does in the end. */
export const randomHistory: fc.Arbitrary<RandomHistory> = fc.record({
  manifest: fc
    .record({
      completionMode: fc.constantFrom('NonIndexed' as const, 'Indexed' as const),
      parallelism: fc.nat(24),
      completions: fc.integer({ min: 1, max: 60 }),
      backoffLimit: fc.constantFrom(0, 3, 100, 100, 100),
      podReplacementPolicy: fc.constantFrom('TerminatingOrFailed' as const, 'Failed' as const),
      isQueue: fc.boolean(),
    })
    .map(({ completions, isQueue, ...spec }) => {
      const made = manifest({ ...spec, completions })
      if (!isQueue || spec.completionMode === 'Indexed') return made
      const { completions: _, ...queue } = made.spec
      return { ...made, spec: queue }
    }),
  steps: fc
    .tuple(
      fc.array(step(command), { minLength: 5, maxLength: 25, size: 'max' }),
      fc.array(step(fc.oneof({ weight: 4, arbitrary: command }, { weight: 1, arbitrary: deletion })), {
        maxLength: 10,
      }),
    )
    .map(([before, after]) => [...before, ...after]),
})
