import { describe, expect, test } from 'vitest'
import type { JobEventOf, JobEventType } from '../../src/domain/job/events.ts'
import { sayEvent } from '../../src/projections/history.ts'
import { terms } from '../support/facts.ts'

const counts = { active: 2, ready: 1, terminating: 0, succeeded: 3, failed: 4 }
const status = { counts, startTime: 1 }
const changedPod = { pod: 5, hasNode: false, hasFinalizers: false }
const adopted = { pod: 5, uid: 'u', name: 'mine-abc', hasNode: false, hasFinalizers: false, createdAt: 1 }
const reported = { pod: 5, readySince: null, restarts: 0, exits: [], conditions: [], finishedAt: null }
const synced = {
  suspended: null,
  podFailures: 0,
  lastPodFailureAt: null,
  from: null,
  complete: true,
  retryAt: null,
  ...status,
}
const created = { uid: 'u', namespace: 'default', name: 'pi', seed: 's', hasFinalizers: false }
const container = { pod: 5, container: 1, restart: 0 }
const process = { ...container, bootId: 'b', pid: 42, startTicks: 1 }
const exited = { ...container, signal: 0, startedAt: 1, logBytes: 12, logSha256: '' }
const waiting = { ...container, until: null }

/** Every event type has its sentences here; without one this does not compile. */
const sentences: {
  readonly [K in JobEventType]: ReadonlyArray<readonly [event: Omit<JobEventOf<K>, 'type' | 'at'>, says: string]>
} = {
  ManifestRecorded: [[{ generation: 1, manifest: {} }, 'the manifest, generation 1']],
  JobCreated: [
    [{ ...created, terms: terms() }, 'Job default/pi: 1 completion, 1 at a time, backoffLimit 6'],
    [
      { ...created, terms: terms({ completions: null, parallelism: 3, backoffLimit: 0, suspend: true }) },
      'Job default/pi: work queue, 3 at a time, backoffLimit 0, suspended',
    ],
    [
      { ...created, terms: terms({ completionMode: 'Indexed', completions: 7 }) },
      'Job default/pi: 7 completions, 1 at a time, backoffLimit 6, indexed',
    ],
  ],
  JobSuspended: [[{ generation: 2 }, 'spec.suspend is true']],
  JobResumed: [[{ generation: 2 }, 'spec.suspend is false']],
  ParallelismChanged: [[{ generation: 2, parallelism: 0 }, 'spec.parallelism is 0']],
  CompletionsChanged: [[{ generation: 2, completions: 3 }, 'spec.completions is 3']],
  PodReplacementPolicyChanged: [
    [{ generation: 2, podReplacementPolicy: 'Failed' }, 'spec.podReplacementPolicy is Failed'],
  ],
  MaxFailedIndexesChanged: [
    [{ generation: 2, maxFailedIndexes: 1 }, 'spec.maxFailedIndexes is 1'],
    [{ generation: 2, maxFailedIndexes: null }, 'spec.maxFailedIndexes is unset'],
  ],
  BackoffLimitChanged: [[{ generation: 2, backoffLimit: 3 }, 'spec.backoffLimit is 3']],
  ActiveDeadlineChanged: [
    [{ generation: 2, activeDeadlineSeconds: 0 }, 'spec.activeDeadlineSeconds is 0'],
    [{ generation: 2, activeDeadlineSeconds: null }, 'spec.activeDeadlineSeconds is unset'],
  ],
  TtlChanged: [
    [{ generation: 2, ttlSecondsAfterFinished: 0 }, 'spec.ttlSecondsAfterFinished is 0'],
    [{ generation: 2, ttlSecondsAfterFinished: null }, 'spec.ttlSecondsAfterFinished is unset'],
  ],
  JobChanged: [
    [
      { patch: { metadata: { labels: { a: 'b' } }, spec: {} }, hasFinalizers: false, generation: 2 },
      'the manifest, metadata and spec',
    ],
  ],
  JobStatusReported: [
    [{ finishedAt: null }, 'the status as reported'],
    [{ finishedAt: 5 }, 'the status as reported: the Job has ended'],
  ],
  JobStatusRecorded: [[{ status: {} }, 'the status as reported']],
  JobDeletionRequested: [
    [{ propagation: 'Background' }, 'deletion, background'],
    [{ propagation: 'Foreground' }, 'deletion, foreground'],
  ],
  JobDependentsSettled: [[{}, 'nothing that depends on the Job keeps it']],
  JobDeleted: [[{}, 'the Job is gone']],
  PodDisrupted: [[{ pod: 5, reason: 'EvictionByEvictionAPI' }, 'pod 5 has to make way: EvictionByEvictionAPI']],
  PodUnschedulable: [[{ pod: 5, obstacle: 'none' }, 'pod 5 waits for a node: none']],
  PodBound: [[{ pod: 5, node: 'local-2' }, 'pod 5 is on node local-2']],
  PodCreated: [
    [{ pod: 0, uid: 'u', name: 'pi-abc', index: null, attempt: 0, indexFailures: null, generation: 1 }, 'pi-abc'],
    [
      { pod: 0, uid: 'u', name: 'pi-abc', index: null, attempt: 2, indexFailures: null, generation: 1 },
      'pi-abc, attempt 3',
    ],
    [
      { pod: 0, uid: 'u', name: 'pi-0-abc', index: 0, attempt: 1, indexFailures: null, generation: 1 },
      'pi-0-abc for index 0, attempt 2',
    ],
  ],
  ProcessStarted: [
    [process, 'pod 5 container 1: pid 42'],
    [{ ...process, restart: 2 }, 'pod 5 container 1: pid 42, restart 2'],
  ],
  PodStarted: [
    [{ pod: 5, ready: true }, 'pod 5 runs and is ready'],
    [{ pod: 5, ready: false }, 'pod 5 runs'],
  ],
  PodReadinessChanged: [
    [{ pod: 5, ready: true }, 'pod 5 is ready'],
    [{ pod: 5, ready: false }, 'pod 5 is not ready'],
  ],
  ContainerWaiting: [
    [{ ...waiting, reason: 'ContainerCreating', backoffMs: 0 }, 'pod 5 container 1 waits: ContainerCreating'],
    [{ ...waiting, reason: 'CrashLoopBackOff', backoffMs: 10_000 }, 'pod 5 container 1 waits: CrashLoopBackOff, 10s'],
  ],
  ContainerExited: [
    [{ ...exited, exitCode: 0, reason: 'Completed' }, 'pod 5 container 1: Completed, exit code 0, 12 bytes of log'],
    [{ ...exited, exitCode: 137, reason: 'OOMKilled' }, 'pod 5 container 1: OOMKilled, exit code 137, 12 bytes of log'],
  ],
  MessageRecorded: [[{ ...container, message: 'last words' }, 'pod 5 container 1: last words']],
  PodSucceeded: [[{ pod: 5 }, 'pod 5']],
  PodFailed: [
    [{ pod: 5, reason: null, exitCode: 3 }, 'pod 5, exit code 3'],
    [{ pod: 5, reason: 'NodeLost', exitCode: null }, 'pod 5: NodeLost'],
    [{ pod: 5, reason: 'DeadlineExceeded', exitCode: 143 }, 'pod 5: DeadlineExceeded, exit code 143'],
  ],
  PodAccounted: [
    [{ pod: 5, as: 'succeeded' }, 'pod 5 counted as succeeded'],
    [{ pod: 5, as: 'failed' }, 'pod 5 counted as failed'],
    [{ pod: 5, as: 'ignored' }, 'pod 5 failed, which the policy ignores'],
    [{ pod: 5, as: 'uncounted' }, 'pod 5 will not be counted'],
  ],
  PodHeldBack: [[{ pod: 5 }, 'pod 5 is counted once another Pod has its index']],
  IndexFailed: [[{ index: 3 }, 'index 3 has failed for good']],
  PodReported: [
    [{ ...reported, phase: 'Running', ready: true }, 'pod 5 is Running and ready, as reported'],
    [{ ...reported, phase: 'Failed', ready: false }, 'pod 5 is Failed, as reported'],
  ],
  PodStatusRecorded: [[{ pod: 5, status: {} }, 'pod 5: the status as reported']],
  PodChanged: [
    [{ ...changedPod, patch: { metadata: {} }, isSelected: true }, 'pod 5: metadata changed'],
    [{ ...changedPod, patch: {}, isSelected: false }, 'pod 5: finalizers changed; the selector finds it no longer'],
  ],
  PodReleased: [[{ pod: 5 }, 'pod 5 is let go']],
  PodFormRecorded: [[{ pod: 5, form: {} }, 'pod 5: the form of a Pod that is taken over']],
  PodAdopted: [
    [{ ...adopted, index: null }, 'pod 5 is mine-abc, taken over'],
    [{ ...adopted, index: 2 }, 'pod 5 is mine-abc, taken over for index 2'],
  ],
  PodDeletionRequested: [[{ pod: 5, graceSeconds: 30, by: 'user' }, 'pod 5, 30s of grace']],
  PodRunTakenOver: [
    [{ pod: 5, place: { job: 'j', pod: 2 }, restartsBefore: 0 }, 'pod 5 runs on'],
    [{ pod: 5, place: { job: 'j', pod: 2 }, restartsBefore: 1 }, 'pod 5 runs on, after 1 restart'],
    [{ pod: 5, place: { job: 'j', pod: 2 }, restartsBefore: 2 }, 'pod 5 runs on, after 2 restarts'],
  ],
  PodRemoved: [[{ pod: 5 }, 'pod 5 is gone']],
  SuccessCriteriaMet: [
    [
      { reason: 'CompletionsReached', rule: null, ...status },
      'CompletionsReached: Reached expected number of succeeded pods',
    ],
    [{ reason: 'SuccessPolicy', rule: 1, ...status }, 'SuccessPolicy, rule 1'],
  ],
  FailureTargeted: [
    [
      { reason: 'BackoffLimitExceeded', match: null, ...status },
      'BackoffLimitExceeded: Job has reached the specified backoff limit',
    ],
    [
      {
        reason: 'PodFailurePolicy',
        match: { pod: 5, rule: 0, container: 1, exitCode: 42, pattern: 0 },
        ...status,
      },
      'PodFailurePolicy, rule 0 for pod 5',
    ],
  ],
  JobCompleted: [
    [{ reason: 'CompletionsReached', ...status }, 'CompletionsReached: Reached expected number of succeeded pods'],
  ],
  JobFailed: [
    [{ reason: 'DeadlineExceeded', ...status }, 'DeadlineExceeded: Job was active longer than specified deadline'],
  ],
  JobSynced: [
    [synced, '2 active (1 ready), 3 succeeded, 4 failed'],
    [
      { ...synced, counts: { ...counts, terminating: 1 }, suspended: true },
      '2 active (1 ready), 3 succeeded, 4 failed, 1 terminating, suspended',
    ],
    [{ ...synced, suspended: false }, '2 active (1 ready), 3 succeeded, 4 failed, resumed'],
  ],
  StatusWithheld: [
    [
      { podFailures: 0, lastPodFailureAt: null, from: 1, complete: true, retryAt: null },
      'the status stays as it was: succeeded cannot fall while spec.parallelism differs from spec.completions',
    ],
  ],
}

describe.each(Object.entries(sentences))('the history says of %s', (type, said) => {
  test.each(said.map(([event, sentence]) => [sentence, event] as const))('%s', (sentence, event) => {
    expect(sayEvent({ type, at: 1, ...event } as JobEventOf<JobEventType>)).toBe(sentence)
  })
})
