import { describe, expect, test } from 'vitest'
import type { ChangeJob, JobCommand } from '../../../src/domain/job/commands.ts'
import type { JobTerms } from '../../../src/domain/job/job-facts.ts'
import { refusalText } from '../../../src/domain/job/refusals.ts'
import type { JobManifest } from '../../../src/domain/kubernetes/job-object.ts'
import { jobCreated, start, terms } from '../../support/facts.ts'
import { change, given, type Said, sync, succeeded } from '../../support/given.ts'
import { manifest } from '../../support/manifests.ts'

type Spec = Partial<JobManifest['spec']>

const create = (spec: Spec = {}): JobCommand => ({
  type: 'CreateJob',
  uid: 'uid-1',
  manifest: manifest(spec),
  podBackoffBaseMs: 10_000,
  podsRunElsewhere: false,
})

const template = (over: Partial<JobManifest['spec']['template']['spec']>): Spec => ({
  template: { spec: { containers: [{ name: 'main', image: 'busybox' }], ...over } },
})

describe('creating a Job', () => {
  test('records the manifest as it was given, then the terms that the rules read', () =>
    given()
      .when(create({ parallelism: 3, completions: 5 }), start)
      .emits(
        { type: 'ManifestRecorded', generation: 1, manifest: manifest({ parallelism: 3, completions: 5 }), at: start },
        {
          type: 'JobCreated',
          uid: 'uid-1',
          namespace: 'default',
          name: 'pi',
          seed: 'seed-1',
          terms: terms({ parallelism: 3, completions: 5 }),
          at: start,
        },
      ))

  test.each<[rule: string, spec: Spec, over: Partial<JobTerms>]>([
    ['[1.2] Indexed', { completionMode: 'Indexed' }, { completionMode: 'Indexed' }],
    ['[1.2] limits', { backoffLimit: 2, activeDeadlineSeconds: 0 }, { backoffLimit: 2, activeDeadlineSeconds: 0 }],
    ['[G-1] time to live', { ttlSecondsAfterFinished: 0 }, { ttlSecondsAfterFinished: 0 }],
    ['[6.1] suspended', { suspend: true }, { suspend: true }],
    ['[5.7] replacement policy', { podReplacementPolicy: 'Failed' }, { podReplacementPolicy: 'Failed' }],
    ['[O-2] restarts in place', template({ restartPolicy: 'OnFailure' }), { restartPolicy: 'OnFailure' }],
    ['[10.4] own grace period', template({ terminationGracePeriodSeconds: 5 }), { gracePeriodSeconds: 5 }],
    ['[10.4] grace period 0 means 1', template({ terminationGracePeriodSeconds: 0 }), { gracePeriodSeconds: 1 }],
  ])('%s', (_, spec, over) =>
    given()
      .when(create(spec), start)
      .emits({ type: 'ManifestRecorded' }, { type: 'JobCreated', terms: terms(over) }),
  )

  test('[D-1] a Job without completions is a work queue', () => {
    const { completions, ...spec } = manifest({ parallelism: 4 }).spec
    given()
      .when({
        type: 'CreateJob',
        uid: 'uid-1',
        manifest: { ...manifest(), spec },
        podBackoffBaseMs: 10_000,
        podsRunElsewhere: false,
      })
      .emits({ type: 'ManifestRecorded' }, { type: 'JobCreated', terms: terms({ parallelism: 4, completions: null }) })
  })

  test('is refused when the Job exists', () =>
    given(jobCreated()).when(create(), start).refuses({ _tag: 'JobAlreadyExists' }))

  test.each<[rule: string, spec: Spec]>([
    ['[D-2] manualSelector false is the default', { manualSelector: false }],
    ['[M-1] managedBy may name the controller itself', { managedBy: 'kubernetes.io/job-controller' }],
  ])('%s', (_, spec) => given().when(create(spec), start).says('ManifestRecorded', 'JobCreated'))
})

test.each<JobCommand>([
  change({ suspend: true }),
  { type: 'DeleteJob', propagation: 'Background' },
  { type: 'DeletePod', pod: 0, graceSeconds: null },
  { type: 'RecordPodFacts', facts: [] },
  { type: 'RecordLostPods' },
  { type: 'WithdrawPods' },
  { type: 'CreatePods' },
  { type: 'FailOnBackoff' },
  { type: 'ExpireDeadline' },
  { type: 'DeleteExpired' },
  { type: 'RemovePods' },
])('$type is refused without a Job', (command) => given().when(command).refuses({ _tag: 'JobNotFound' }))

type Change = Omit<ChangeJob, 'type'>

describe('changing a Job', () => {
  test.each<[what: string, over: Change, said: Said]>([
    ['parallelism', { parallelism: 0 }, { type: 'ParallelismChanged', parallelism: 0 }],
    ['backoffLimit', { backoffLimit: 0 }, { type: 'BackoffLimitChanged', backoffLimit: 0 }],
    ['deadline', { activeDeadlineSeconds: 9 }, { type: 'ActiveDeadlineChanged', activeDeadlineSeconds: 9 }],
    ['time to live', { ttlSecondsAfterFinished: 9 }, { type: 'TtlChanged', ttlSecondsAfterFinished: 9 }],
    ['suspend', { suspend: true }, { type: 'JobSuspended' }],
  ])('[D-6] %s: one event, one generation more', (_, over, said) =>
    given(jobCreated())
      .when(change(over), start + 1)
      .emits({ ...said, generation: 2, at: start + 1 } as Said),
  )

  test.each<[what: string, over: Change, said: Said]>([
    ['the deadline', { activeDeadlineSeconds: null }, { type: 'ActiveDeadlineChanged', activeDeadlineSeconds: null }],
    ['the time to live', { ttlSecondsAfterFinished: null }, { type: 'TtlChanged', ttlSecondsAfterFinished: null }],
    ['suspension', { suspend: false }, { type: 'JobResumed' }],
  ])('%s can be taken back', (_, over, said) =>
    given(jobCreated({ activeDeadlineSeconds: 5, ttlSecondsAfterFinished: 5, suspend: true }))
      .when(change(over), start + 1)
      .emits(said),
  )

  test('several fields at once share one generation', () => {
    const both = change({ parallelism: 2, backoffLimit: 1, suspend: true })
    given(jobCreated())
      .when(both)
      .emits(
        { type: 'ParallelismChanged', generation: 2 },
        { type: 'BackoffLimitChanged', generation: 2 },
        { type: 'JobSuspended', generation: 2 },
      )
    expect(given(jobCreated()).and(both).job.generation).toBe(2)
    given(jobCreated())
      .and(both)
      .when(change({ suspend: false }))
      .emits({ type: 'JobResumed', generation: 3 })
  })

  test('[14.3 h] what is so already says nothing', () =>
    given(jobCreated({ parallelism: 3, activeDeadlineSeconds: 5 }))
      .when(
        change({
          parallelism: 3,
          backoffLimit: 6,
          activeDeadlineSeconds: 5,
          ttlSecondsAfterFinished: null,
          suspend: false,
        }),
      )
      .emits())

  test.each(['parallelism', 'backoffLimit', 'activeDeadlineSeconds', 'ttlSecondsAfterFinished'] as const)(
    '[1.3] %s is not negative, and the rest of the change is refused with it',
    (field) =>
      given(jobCreated())
        .when(change({ suspend: true, [field]: -1 }))
        .refuses({
          _tag: 'FieldInvalid',
          field: `spec.${field}`,
          value: '-1',
          detail: 'must be greater than or equal to 0',
        }),
  )

  test('[1.3] an Indexed Job runs at most 100 000 Pods at a time, another Job as many as it likes', () => {
    given(jobCreated({ completionMode: 'Indexed' }))
      .when(change({ parallelism: 100_001 }))
      .refuses({
        _tag: 'FieldInvalid',
        field: 'spec.parallelism',
        value: '100001',
        detail: 'must be less than or equal to 100000 when completion mode is Indexed',
      })
    given(jobCreated({ completionMode: 'Indexed' }))
      .when(change({ parallelism: 100_000 }))
      .says('ParallelismChanged')
    given(jobCreated())
      .when(change({ parallelism: 100_001 }))
      .says('ParallelismChanged')
  })

  test('is refused once the Job object is gone', () => {
    const gone = given(jobCreated()).and({ type: 'DeleteJob', propagation: 'Background' })
    gone.when(change({ suspend: true })).refuses({ _tag: 'JobNotFound' })
    gone.when({ type: 'DeleteJob', propagation: 'Background' }).refuses({ _tag: 'JobNotFound' })
  })

  test('[F-18] a finished Job takes changes, and nothing follows from them', () => {
    const finished = given(jobCreated())
      .and(sync)
      .and(succeeded(0))
      .and(sync)
      .and(change({ parallelism: 5 }))
    expect(finished.job.terms.parallelism).toBe(5)
    finished.when(sync).emits()
  })
})

test.each<[refusal: Parameters<typeof refusalText>[0], text: string]>([
  [{ _tag: 'JobNotFound' }, 'the Job does not exist'],
  [{ _tag: 'JobAlreadyExists' }, 'the Job already exists'],
  [{ _tag: 'PodNotFound', pod: 3 }, 'the Pod does not exist'],
  [{ _tag: 'FieldInvalid', field: 'spec.a', value: '-1', detail: 'no' }, 'spec.a: Invalid value: -1: no'],
  [{ _tag: 'JobOutdated' }, 'the Job has changed meanwhile; try again'],
  [{ _tag: 'JobAdoptsNoPods' }, 'the Job takes no Pods over any more'],
])('a refusal is a sentence: %j', (refusal, text) => expect(refusalText(refusal)).toBe(text))
