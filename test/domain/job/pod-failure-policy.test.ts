import { describe, expect, test } from 'vitest'
import type { JobTerms, PodFailureRule } from '../../../src/domain/job/job-facts.ts'
import { podRow } from '../../../src/domain/job/pod-columns.ts'
import { jobCreated, second, start } from '../../support/facts.ts'
import { change, disrupted, failed, failedWith, type Given, given, saw, succeeded, sync } from '../../support/given.ts'

type Action = PodFailureRule['action']
const onExit = (action: Action, values: ReadonlyArray<number>, operator: 'In' | 'NotIn' = 'In'): PodFailureRule => ({
  action,
  onExitCodes: { container: null, operator, values },
  onPodConditions: [],
})
const onCondition = (action: Action, type: string, status = 'True'): PodFailureRule => ({
  action,
  onExitCodes: null,
  onPodConditions: [{ type, status }],
})
const running = (rules: ReadonlyArray<PodFailureRule>, over: Partial<JobTerms> = {}): Given =>
  given(jobCreated({ podReplacementPolicy: 'Failed', podFailurePolicy: rules, ...over })).and(sync)

describe('what a rule matches', () => {
  test.each<[what: string, rule: PodFailureRule, exitCode: number, matches: boolean]>([
    ['a value that is In', onExit('Ignore', [3, 42]), 42, true],
    ['a value that is not In', onExit('Ignore', [3, 42]), 1, false],
    ['a value that is NotIn', onExit('Ignore', [3], 'NotIn'), 1, true],
    ['a value that is not NotIn', onExit('Ignore', [3], 'NotIn'), 3, false],
    ['[J-45] a negative code', onExit('Ignore', [-1_073_741_510]), -1_073_741_510, true],
    [
      'a container that is named',
      { ...onExit('Ignore', [1]), onExitCodes: { container: 0, operator: 'In', values: [1] } },
      1,
      true,
    ],
    [
      'another container',
      { ...onExit('Ignore', [1]), onExitCodes: { container: 1, operator: 'In', values: [1] } },
      1,
      false,
    ],
  ])('[5.1] %s', (_, rule, exitCode, matches) => {
    const { job } = running([rule]).and(failedWith(0, exitCode)).and(sync)
    expect(job.counts.failed).toBe(matches ? 0 : 1)
  })

  test('[5.1] exit code 0 never matches, not even with NotIn', () => {
    const it = running([onExit('Ignore', [1], 'NotIn')])
      .and(failedWith(0, 0))
      .and(sync)
    expect(it.job.counts.failed).toBe(1)
  })

  test('[5.1, J-44] a lost Pod has the condition DisruptionTarget', () => {
    const { job } = running([onCondition('Ignore', 'DisruptionTarget')], { backoffLimit: 0 })
      .and(disrupted(0))
      .and(sync)
    expect(job).toMatchObject({ interim: null, counts: { failed: 0 } })
  })

  test('[5.1] the first rule that matches decides, whichever container ended first', () => {
    const exit = {
      restart: 0,
      signal: 0,
      reason: 'Error',
      startedAt: start,
      logBytes: 0,
      logSha256: '',
      at: start,
    } as const
    const { job } = running([onExit('FailJob', [7]), onExit('Ignore', [1])])
      .and(
        saw(
          0,
          { type: 'ContainerExited', container: 0, exitCode: 1, ...exit },
          { type: 'ContainerExited', container: 1, exitCode: 7, ...exit },
          { type: 'PodFailed', reason: null, exitCode: 7, at: start },
        ),
      )
      .and(sync)
    expect(podRow(job.pods, 0).match).toMatchObject({ rule: 0, container: 1, exitCode: 7 })
    expect(job.finished).toMatchObject({ _tag: 'Failure', reason: 'PodFailurePolicy' })
  })
})

describe('what is done about it', () => {
  test('[J-42, F-3] FailJob fails the Job at once, and its other Pods are deleted and counted', () =>
    running([onExit('FailJob', [42])], { parallelism: 2, completions: 2, backoffLimit: 6 })
      .and(failedWith(1, 42))
      .when(sync)
      .emits(
        { type: 'PodAccounted', pod: 1, as: 'failed' },
        { type: 'PodDeletionRequested', pod: 0 },
        { type: 'PodAccounted', pod: 0, as: 'failed' },
        {
          type: 'FailureTargeted',
          reason: 'PodFailurePolicy',
          match: { pod: 1, rule: 0, container: 0, exitCode: 42, pattern: 0 },
        },
        { type: 'JobSynced', counts: { active: 0, ready: 0, terminating: 1, succeeded: 0, failed: 2 } },
      ))

  test('[F-3] comes before the backoffLimit', () => {
    const { job } = running([onExit('FailJob', [42])], { backoffLimit: 0 })
      .and(failedWith(0, 42))
      .and(sync)
    expect(job.interim).toMatchObject({ reason: 'PodFailurePolicy' })
  })

  test('[J-43, B-2] Ignore counts nothing, and the replacement waits for the back-off nevertheless', () => {
    const it = running([onExit('Ignore', [42])], { backoffLimit: 0 }).and(failedWith(0, 42))
    it.when(sync).emits({ type: 'PodAccounted', as: 'ignored' }, { type: 'JobSynced', retryAt: start + 10 * second })
    it.and(sync)
      .when(sync, start + 10 * second)
      .emits({ type: 'PodCreated' }, { type: 'JobSynced' })
  })

  test('[J-45] Count, and no match at all, count as without a policy', () => {
    const it = running([onExit('Count', [1]), onExit('FailJob', [1])], { completions: 2, parallelism: 2 })
    expect(it.and(failedWith(0, 1)).and(failedWith(1, 2)).and(sync).job).toMatchObject({
      interim: null,
      counts: { failed: 2 },
    })
  })

  test('[3.1] a Pod that was scaled away and ends with a code of FailJob fails the Job', () => {
    const it = running([onExit('FailJob', [42])], { parallelism: 2, completions: 3 })
      .and(change({ parallelism: 1 }))
      .and(sync)
    expect(it.job.counts.terminating).toBe(1)
    expect(it.and(failedWith(1, 42)).and(sync).job.interim).toMatchObject({ reason: 'PodFailurePolicy' })
  })

  test('[F-3] without a rule for it a failure is one of the backoffLimit', () => {
    const { job } = running([onExit('Ignore', [42])], { backoffLimit: 0 })
      .and(failed(0))
      .and(sync)
    expect(job.finished).toMatchObject({ reason: 'BackoffLimitExceeded' })
  })

  test('[5.7] under this policy a deleted Pod is replaced only when it has ended', () => {
    const it = running([onExit('Ignore', [42])])
      .and({ type: 'DeletePod', pod: 0, graceSeconds: null })
      .and(sync)
    expect(it.job.counts).toMatchObject({ active: 0, terminating: 1, failed: 0 })
    expect(it.and(succeeded(0)).and(sync).job.finished).toMatchObject({ _tag: 'Success' })
  })
})
