import fc from 'fast-check'
import type { JobCommand, Placement } from '../../src/domain/job/commands.ts'
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

const end = { container: 0, restart: 0, signal: 0, reason: 'Error', logBytes: 0, logSha256: '' } as const

/** The end of a Pod's container and with it of the Pod. */
const failure = fc.constantFrom(1, 3, 7, 42).map(
  (exitCode) =>
    (at: number): ReadonlyArray<PodObservation> => [
      { type: 'ContainerExited', ...end, exitCode, startedAt: at, at },
      { type: 'PodFailed', reason: null, exitCode, at },
    ],
)
const oneOrTwo = fc.oneof(
  { weight: 5, arbitrary: observation.map((one) => (at: number) => [one(at)]) },
  { weight: 1, arbitrary: failure },
)

const facts = fc
  .array(fc.record({ pod: fc.nat(90), observations: oneOrTwo }), { minLength: 1, maxLength: 25, size: 'max' })
  .map(
    (told) =>
      (pods: number, at: number): JobCommand => ({
        type: 'RecordPodFacts',
        facts: told.flatMap(({ pod, observations }) =>
          observations(at).map((observation) => ({ pod: pod % (pods + 1), observation })),
        ),
      }),
  )

const mostly = fc.constantFrom(true, true, true, false)

const report = fc
  .record({
    pod: fc.nat(90),
    phase: fc.constantFrom(
      'Pending' as const,
      'Running' as const,
      'Running' as const,
      'Succeeded' as const,
      'Failed' as const,
    ),
    ready: fc.boolean(),
    restarts: fc.nat(2),
    exitCode: fc.constantFrom(1, 3, 7),
    isDisrupted: fc.boolean(),
  })
  .map(
    ({ pod, phase, ready, restarts, exitCode, isDisrupted }) =>
      (pods: number, at: number): JobCommand => ({
        type: 'ReportPod',
        pod: pod % (pods + 1),
        report: {
          phase,
          ready,
          readySince: ready ? at : null,
          restarts,
          exits: phase === 'Failed' ? [{ container: 0, exitCode }] : [],
          conditions: isDisrupted ? [{ type: 'DisruptionTarget', status: 'True' }] : [],
          finishedAt: phase === 'Failed' || phase === 'Succeeded' ? at : null,
        },
        status: { phase },
      }),
  )

const podChange = fc
  .record({
    pod: fc.nat(90),
    isSelected: mostly,
    isTracked: mostly,
    isOwned: mostly,
    hasNode: fc.boolean(),
    hasFinalizers: fc.boolean(),
    isLabelled: fc.boolean(),
  })
  .map(
    ({ pod, isLabelled, ...rest }) =>
      (pods: number): JobCommand => ({
        type: 'ChangePod',
        pod: pod % (pods + 1),
        patch: isLabelled ? { metadata: { labels: { a: 'b' } } } : null,
        ...rest,
      }),
  )

const adoption = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    index: fc.option(fc.nat(40)),
    hasNode: fc.boolean(),
    hasFinalizers: fc.boolean(),
    phase: fc.constantFrom('Pending' as const, 'Running' as const, 'Succeeded' as const, 'Failed' as const),
  })
  .map(
    ({ name, phase, ...rest }) =>
      (_: number, at: number): JobCommand => ({
        type: 'AdoptPod',
        uid: `uid-${name}`,
        name,
        createdAt: at,
        form: { metadata: { name } },
        report: { phase, ready: false, readySince: null, restarts: 0, exits: [], conditions: [], finishedAt: null },
        ...rest,
      }),
  )

const takeover = fc
  .record({
    name: fc.constantFrom('f', 'g', 'h'),
    index: fc.option(fc.nat(40)),
    hasFinalizers: fc.boolean(),
    restarts: fc.nat(3),
    seen: fc.constantFrom('nothing', 'process', 'start', 'failure'),
  })
  .map(
    ({ name, restarts, seen, ...rest }) =>
      (_: number, at: number): JobCommand => ({
        type: 'AdoptPod',
        uid: `uid-${name}`,
        name,
        hasNode: true,
        createdAt: at,
        form: { metadata: { name } },
        run: { node: 'local', place: { job: 'another', pod: 3 }, observations: seenOf(seen, restarts, at) },
        ...rest,
      }),
  )

const seenOf = (seen: string, restart: number, at: number): ReadonlyArray<PodObservation> => {
  const started: PodObservation = { ...process, restart, at }
  if (seen === 'nothing') return []
  if (seen === 'process') return [started]
  if (seen === 'start') return [started, { type: 'PodStarted', ready: true, at }]
  const exit: PodObservation = { type: 'ContainerExited', ...end, restart, exitCode: 3, startedAt: at, at }
  return [exit, { type: 'PodStarted', ready: true, at }, { type: 'PodFailed', reason: null, exitCode: 3, at }]
}

const process = { type: 'ProcessStarted', container: 0, bootId: 'boot', pid: 7, startTicks: 9 } as const

const changes = fc.oneof(
  fc.nat(20).map((parallelism) => change({ parallelism })),
  fc.nat(30).map((count) => change({ completions: count, parallelism: count })),
  fc
    .constantFrom('TerminatingOrFailed' as const, 'Failed' as const)
    .map((policy) => change({ podReplacementPolicy: policy })),
  fc.boolean().map((hasFinalizers) => change({ rest: { patch: { metadata: { labels: { a: 'b' } } }, hasFinalizers } })),
  fc.option(fc.nat(9)).map((maxFailedIndexes) => change({ maxFailedIndexes })),
  fc.constantFrom(0, 5, 100, 200).map((backoffLimit) => change({ backoffLimit })),
  fc.constantFrom(true, true, false, false, false, false).map((suspend) => change({ suspend })),
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

const eviction = fc.record({ pod: fc.nat(90), graceSeconds: fc.option(fc.nat(40)) }).map(
  ({ pod, graceSeconds }) =>
    (pods: number): JobCommand => ({ type: 'EvictPod', pod: pod % (pods + 1), graceSeconds }),
)

const loss = fc.nat(90).map(
  (pod) =>
    (pods: number): JobCommand => ({ type: 'LosePods', pods: [pod % (pods + 1)] }),
)

const placement = fc.constantFrom<Placement>(
  { nodes: ['local'], obstacle: '' },
  { nodes: ['local-2', 'local'], obstacle: '' },
  { nodes: ['local-3', 'local-2', 'local'], obstacle: '' },
)

const placings = fc.oneof(
  placement.map((where) => always({ type: 'PlacePods', placement: where })),
  placement.map((where) => always({ type: 'CreatePods', placement: where })),
)

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
  { weight: 3, arbitrary: report },
  { weight: 1, arbitrary: podChange },
  { weight: 1, arbitrary: fc.constant(always({ type: 'ReportJob', status: { ready: 0 }, finishedAt: null })) },
  { weight: 1, arbitrary: adoption },
  { weight: 1, arbitrary: takeover },
  { weight: 6, arbitrary: fc.constant(always({ type: 'CreatePods' })) },
  { weight: 3, arbitrary: changes.map(always) },
  { weight: 2, arbitrary: podDeletion },
  { weight: 1, arbitrary: eviction },
  { weight: 1, arbitrary: loss },
  { weight: 3, arbitrary: placings },
  { weight: 2, arbitrary: intents.map(always) },
)

const deletion = fc
  .constantFrom('Background' as const, 'Foreground' as const, 'Orphan' as const)
  .map((propagation) => always({ type: 'DeleteJob', propagation }))

/** [I-12] Indexes are dropped, and before a sync sees that parallelism moves away: succeeded may not fall. */
const trap = fc
  .nat(20)
  .map((count) => [change({ completions: count, parallelism: count }), change({ parallelism: count + 1 })].map(always))

const step = (commands: fc.Arbitrary<Step['commands'][number]>): fc.Arbitrary<Step> =>
  fc.record({
    afterMs: fc.constantFrom(1, 10_000, 700_000),
    commands: fc.oneof(
      { weight: 12, arbitrary: fc.array(commands, { minLength: 1, maxLength: 3 }) },
      { weight: 1, arbitrary: trap },
    ),
  })

const failureRules = [
  { action: 'Ignore' as const, onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
  { action: 'Ignore' as const, onExitCodes: { operator: 'In' as const, values: [3] } },
  { action: 'FailIndex' as const, onExitCodes: { operator: 'In' as const, values: [7] } },
]
const successPolicies = [
  { rules: [{ succeededIndexes: '0-2' }, { succeededCount: 20 }] },
  { rules: [{ succeededIndexes: '1,3-9', succeededCount: 5 }] },
]

export type RandomHistory = {
  readonly manifest: JobManifest
  readonly podsRunElsewhere: boolean
  readonly steps: ReadonlyArray<Step>
}

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
      perIndex: fc.option(fc.record({ backoffLimitPerIndex: fc.nat(3), maxFailedIndexes: fc.nat(30) })),
      podFailurePolicy: fc.option(fc.constant({ rules: failureRules }), { freq: 2 }),
      successPolicy: fc.option(fc.constantFrom(...successPolicies), { freq: 2 }),
    })
    .map(({ completions, isQueue, perIndex, podFailurePolicy, successPolicy, ...spec }) => {
      const indexed = spec.completionMode === 'Indexed'
      const made = manifest({
        ...spec,
        completions,
        ...(indexed && perIndex),
        ...(indexed && successPolicy && { successPolicy }),
        ...(podFailurePolicy && { podFailurePolicy, podReplacementPolicy: 'Failed' }),
      })
      if (!isQueue || spec.completionMode === 'Indexed') return made
      const { completions: _, ...queue } = made.spec
      return { ...made, spec: queue }
    }),
  podsRunElsewhere: fc.boolean(),
  steps: fc
    .tuple(
      fc.array(step(command), { minLength: 5, maxLength: 25, size: 'max' }),
      fc.array(step(fc.oneof({ weight: 4, arbitrary: command }, { weight: 1, arbitrary: deletion })), {
        maxLength: 10,
      }),
    )
    .map(([before, after]) => [...before, ...after]),
})
