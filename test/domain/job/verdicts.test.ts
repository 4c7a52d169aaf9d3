import { describe, expect, test } from 'vitest'
import { jobCreated, second, start } from '../../support/facts.ts'
import {
  change,
  deletePod,
  failed,
  type Given,
  given,
  launched,
  started,
  succeeded,
  sync,
} from '../../support/given.ts'

const running = (over: Parameters<typeof jobCreated>[0] = {}): Given => given(jobCreated(over)).and(sync)

describe('a verdict that was told', () => {
  test('[F-1] success stays, though the deadline passes and more Pods fail than may', () => {
    const terms = { completions: null, parallelism: 2, podReplacementPolicy: 'Failed', backoffLimit: 0 } as const
    const it = running({ ...terms, activeDeadlineSeconds: 60 })
      .and(deletePod(1))
      .and(succeeded(0))
      .and(sync)
    expect(it.job).toMatchObject({ interim: { _tag: 'Success' }, finished: null })
    const late = it.and(failed(1, start + 99 * second), start + 99 * second)
    expect(late.and(sync, start + 99 * second).job.finished).toMatchObject({ reason: 'CompletionsReached' })
  })

  test('[F-2] failure stays, with its reason, though the limit is raised and the deadline passes', () => {
    const it = running({ parallelism: 2, completions: 2, backoffLimit: 0, activeDeadlineSeconds: 60 })
      .and(started(1))
      .and(failed(0))
      .and(sync)
    expect(it.job).toMatchObject({ interim: { reason: 'BackoffLimitExceeded' }, finished: null })
    const later = it.and(change({ backoffLimit: 9 })).and(sync, start + 99 * second)
    expect(later.job.counts.active).toBe(0)
    expect(later.and(failed(1)).and(sync, start + 99 * second).job.finished?.reason).toBe('BackoffLimitExceeded')
  })
})

describe('restarts in place', () => {
  test('[O-4] are not added to failures', () => {
    const it = running({ restartPolicy: 'OnFailure', backoffLimit: 3, parallelism: 3, completions: 3 })
      .and(failed(0))
      .and(failed(1))
      .and(launched(2, start, 1))
      .and(launched(2, start, 2))
    expect(it.and(sync).job.interim).toBeNull()
    expect(it.and(launched(2, start, 3)).and(sync).job.interim?.reason).toBe('BackoffLimitExceeded')
  })

  test('[O-8] by rules of a container that never restarts otherwise are no failures and end nothing', () => {
    const it = running({ restartPolicy: 'Never', backoffLimit: 0 })
    const restarted = [1, 2, 3].reduce((so, restart) => so.and(launched(0, start, restart)), it)
    expect(restarted.and(sync).job).toMatchObject({ interim: null, counts: { active: 1, failed: 0 } })
  })
})

describe('the condition Suspended', () => {
  test('[R-1] is not told of a Job that is being deleted, nor of one that is decided', () => {
    const deleted = running().and({ type: 'DeleteJob', propagation: 'Foreground' })
    deleted
      .and(change({ suspend: true }))
      .when(sync)
      .emits()
    const decided = running({ parallelism: 2, completions: 2, backoffLimit: 0 })
      .and(started(1))
      .and(failed(0))
      .and(sync)
    const { job } = decided.and(change({ suspend: true })).and(sync, start + second)
    expect(job).toMatchObject({ interim: { _tag: 'Failure' }, suspended: null })
  })

  test('[R-1] is told once the Pods are deleted', () =>
    running()
      .and(change({ suspend: true }))
      .when(sync)
      .emits({ type: 'PodAccounted' }, { type: 'PodDeletionRequested' }, { type: 'JobSynced', suspended: true }))
})

test('[G-4] an end in the future, as a clock that was set back leaves it, defers the deletion', () => {
  const it = running({ ttlSecondsAfterFinished: 5 })
    .and(succeeded(0), start + 60 * second)
    .and(sync, start + 60 * second)
  it.when({ type: 'DeleteExpired' }, start + 30 * second).emits()
  it.when({ type: 'DeleteExpired' }, start + 65 * second).says('JobDeletionRequested')
})
