import { describe, expect, test } from 'vitest'
import { hasGarbage } from '../../../src/domain/job/collect-garbage.ts'
import type { JobCommand } from '../../../src/domain/job/commands.ts'
import type { JobTerms } from '../../../src/domain/job/job-facts.ts'
import { jobCreated, second, start } from '../../support/facts.ts'
import { deletePod, failed, type Given, given, started, succeeded, sync } from '../../support/given.ts'

const remove: JobCommand = { type: 'RemovePods' }
const deletion = (propagation: 'Background' | 'Foreground'): JobCommand => ({ type: 'DeleteJob', propagation })

/** Pod 0 has failed and is counted, Pod 1 runs, Pod 2 has succeeded and is not counted. */
const mixed = (over: Partial<JobTerms> = {}): Given =>
  given(jobCreated({ parallelism: 3, completions: 5, ...over }))
    .and(sync)
    .and(failed(0))
    .and(sync)
    .and(started(1))
    .and(succeeded(2))

describe('deleting a Job [8.2]', () => {
  test('in the background it is gone at once', () =>
    mixed()
      .when(deletion('Background'), start + 1)
      .emits({ type: 'JobDeletionRequested', propagation: 'Background' }, { type: 'JobDeleted', at: start + 1 }))

  test('in the foreground it stays until its Pods are gone; told again, nothing is new', () => {
    mixed().when(deletion('Foreground')).emits({ type: 'JobDeletionRequested', propagation: 'Foreground' })
    mixed().and(deletion('Foreground')).when(deletion('Foreground')).emits()
  })

  test('the second wish may be the faster one', () =>
    mixed()
      .and(deletion('Foreground'))
      .when(deletion('Background'))
      .emits({ type: 'JobDeletionRequested', propagation: 'Background' }, { type: 'JobDeleted' }))

  test('without a word about its dependents, the word before counts', () =>
    mixed().and(deletion('Foreground')).when({ type: 'DeleteJob', propagation: null }).emits())

  test('[D-6] raises the generation', () => expect(mixed().and(deletion('Foreground')).job.generation).toBe(2))

  test('[W-5] nothing is created, counted or decided any more', () => {
    const it = mixed().and(deletion('Foreground'))
    for (const type of ['CreatePods', 'FailOnBackoff', 'ExpireDeadline'] as const)
      it.when({ type }, start + 999 * second).emits()
  })
})

describe('the Pods of a deleted Job', () => {
  test('[W-5, 8.4] lose their finalizer uncounted; ended ones go, the others are stopped', () =>
    mixed()
      .and(deletion('Foreground'))
      .when(remove)
      .emits(
        { type: 'PodDeletionRequested', pod: 0, graceSeconds: 0, by: 'collector' },
        { type: 'PodRemoved', pod: 0 },
        { type: 'PodAccounted', pod: 1, as: 'uncounted' },
        { type: 'PodDeletionRequested', pod: 1, graceSeconds: 30, by: 'collector' },
        { type: 'PodAccounted', pod: 2, as: 'uncounted' },
        { type: 'PodDeletionRequested', pod: 2, graceSeconds: 0, by: 'collector' },
        { type: 'PodRemoved', pod: 2 },
      ))

  test('[W-8] nothing is counted', () => {
    const it = mixed().and(deletion('Foreground')).and(remove).and(failed(1))
    expect(it.job.counts).toStrictEqual({ active: 0, ready: 0, terminating: 0, succeeded: 0, failed: 1 })
  })

  test('the Job goes with the last of them, once', () => {
    const it = mixed().and(deletion('Foreground')).and(remove)
    it.when(remove).emits()
    expect(hasGarbage(it.job)).toBe(false)
    const last = it.and(failed(1))
    expect(hasGarbage(last.job)).toBe(true)
    last.when(remove).emits({ type: 'JobDeleted' })
    last.and(remove).when(remove).emits()
    expect(hasGarbage(last.and(remove).job)).toBe(false)
  })

  test('a Pod that was being deleted already is not told again', () => {
    const it = given(jobCreated()).and(sync).and(deletePod(0)).and(deletion('Foreground'))
    it.when(remove).emits({ type: 'PodAccounted', pod: 0, as: 'uncounted' })
  })

  test('a Job without Pods goes at once', () =>
    given(jobCreated({ suspend: true }))
      .and(sync)
      .and(deletion('Foreground'))
      .when(remove)
      .emits({ type: 'JobDeleted' }))

  test('a Job that is not being deleted has no garbage', () => {
    expect(hasGarbage(mixed().job)).toBe(false)
    mixed().when(remove).emits()
  })

  test.each(['running', 'ended'] as const)('thousands of %s Pods go in bounded appends, each once', (what) => {
    const pods = 5000
    let it = given(jobCreated({ parallelism: pods, completions: pods }))
    while (it.job.unsyncedSince !== null) it = it.and(sync)
    const ends: JobCommand = {
      type: 'RecordPodFacts',
      facts: Array.from({ length: pods }, (_, pod) => ({ pod, observation: { type: 'PodSucceeded', at: start } })),
    }
    if (what === 'ended') it = it.and(ends)
    it = it.and(deletion('Foreground'))
    let appends = 0
    let stopped = 0
    for (; hasGarbage(it.job); appends += 1) {
      const { events } = it.when(remove)
      expect(events.length).toBeGreaterThan(0)
      expect(events.length).toBeLessThanOrEqual(1000)
      stopped += events.filter(({ type }) => type === 'PodDeletionRequested').length
      it = it.and(remove)
    }
    expect(appends).toBeGreaterThan(5)
    expect(stopped).toBe(pods)
    if (what === 'ended') expect(it.job).toMatchObject({ live: 0, deleted: true })
    else expect(it.and(ends).and(remove).job).toMatchObject({ live: 0, deleted: true })
  })

  test('[8.2] a Job that is deleted in the foreground stays while a client has not given a Pod back', () => {
    const it = given(jobCreated({ podsRunElsewhere: true, hasNode: true, parallelism: 2, completions: 2 }))
      .and(sync)
      .and(succeeded(0))
      .and(sync)
      .and(deletePod(1, 30))
      .and(sync)
      .and(deletion('Foreground'))
    it.when(remove).says('PodDeletionRequested', 'PodRemoved')
    it.and(remove).and(deletePod(1, 0)).when(remove).says('JobDeleted')
  })
})
