import { describe, expect, test } from 'vitest'
import type { JobCommand } from '../../../src/domain/job/commands.ts'
import { jobCreated } from '../../support/facts.ts'
import { change, deletePod, given, succeeded, sync } from '../../support/given.ts'

/** A user changes the Pod so that the selector of its Job does not find it any more. */
const relabelled = (pod: number, isTracked = true): JobCommand => ({
  type: 'ChangePod',
  pod,
  patch: { metadata: { labels: { 'job-name': null } } },
  isSelected: false,
  hasNode: false,
  hasFinalizers: false,
  isTracked,
  isOwned: true,
})

const running = given(
  jobCreated({ completionMode: 'Indexed', parallelism: 2, completions: 2, podsRunElsewhere: true }),
).and(sync)

describe('[8.1] a Pod whose labels are changed', () => {
  test('does not keep its index when it has succeeded and nobody counted it', () =>
    running
      .and(relabelled(1))
      .and(succeeded(1))
      .when(sync)
      .emits(
        { type: 'PodAccounted', pod: 1, as: 'uncounted' },
        { type: 'PodReleased', pod: 1 },
        { type: 'PodCreated', pod: 2, index: 1 },
        { type: 'JobSynced' },
      ))

  test('is not let go any more when it is gone before', () => {
    const it = running.and(relabelled(1, false)).and(deletePod(1, 0))
    expect(it.job.live).toBe(1)
    it.when(sync).says('PodCreated', 'JobSynced')
  })
})

test('[C-6] a Pod that lost its tracking finalizer is not accounted for again when it is taken back', () =>
  running
    .and({ ...relabelled(1, false), isSelected: true } as JobCommand)
    .and(change({ suspend: true }))
    .when(sync)
    .says('PodAccounted', 'PodDeletionRequested', 'PodRemoved', 'PodDeletionRequested', 'PodRemoved', 'JobSynced'))
