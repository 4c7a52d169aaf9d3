import { describe, expect, test } from 'vitest'
import { agenda } from '../../../src/domain/job/agenda.ts'
import type { IntentType } from '../../../src/domain/job/commands.ts'
import { noJob } from '../../../src/domain/job/job.ts'
import { decide } from '../../../src/domain/job/decide.ts'
import { E, O } from '../../../src/prelude.ts'
import { jobCreated, second, start } from '../../support/facts.ts'
import { change, failed, type Given, given, started, succeeded, sync } from '../../support/given.ts'

const windowMs = second

/** Seconds since the creation of the Job, null for never. */
const dueAt = (it: Given, intent: IntentType = 'CreatePods'): number | null => {
  const due = agenda[intent](it.job, windowMs, start + 99 * second)
  return O.isNone(due) ? null : (due.value - start) / second
}
const settled = (over: Parameters<typeof jobCreated>[0] = {}): Given => given(jobCreated(over)).and(sync)

describe('the next sync', () => {
  test('[E-1] of a new Job and of a new spec is now', () => {
    expect(dueAt(given(jobCreated()))).toBe(0)
    expect(dueAt(settled())).toBeNull()
    expect(dueAt(settled().and(change({ parallelism: 0 }), start + 7 * second))).toBe(7)
    expect(dueAt(settled().and(change({ suspend: true }), start + 7 * second))).toBe(7)
  })

  test('[E-1] a new spec takes along what waits for the window', () => {
    const it = settled({ parallelism: 2, completions: 2 }).and(started(0, start + 6 * second), start + 6 * second)
    expect(dueAt(it)).toBe(7)
    expect(dueAt(it.and(change({ backoffLimit: 1 }), start + 6 * second))).toBe(6)
  })

  test('[E-2] labels and annotations are no reason for one', () => {
    const rest = { patch: { metadata: { labels: { a: 'b' } } }, hasFinalizers: false }
    const it = settled().and(change({ rest }), start + second)
    expect(dueAt(it)).toBeNull()
    expect(dueAt(it.and(started(0, start + 2 * second), start + 2 * second))).toBe(3)
  })

  test('[E-5] what happens to Pods waits for the window, which begins with the first of it', () => {
    const it = settled({ parallelism: 2, completions: 2 }).and(started(0, start + 3 * second), start + 3 * second)
    expect(dueAt(it)).toBe(4)
    expect(dueAt(it.and(succeeded(1, start + 3.5 * second), start + 3.5 * second))).toBe(4)
  })

  test('[E-10] comes when the back-off ends', () => {
    const it = settled()
      .and(failed(0, start + 5 * second), start + 5 * second)
      .and(sync, start + 6 * second)
    expect(dueAt(it)).toBe(15)
  })

  test('[E-11] comes when the deadline passes, not while the Job is suspended', () => {
    const it = settled({ activeDeadlineSeconds: 60 })
    expect(dueAt(it, 'ExpireDeadline')).toBe(60)
    expect(dueAt(it.and(change({ suspend: true })), 'ExpireDeadline')).toBeNull()
  })
})

describe('there is no next sync', () => {
  const all = ['CreatePods', 'FailOnBackoff', 'ExpireDeadline', 'RemovePods'] as const

  test('[S-2] of a Job that is gone, and no Job that was not there is synced', () => {
    const gone = settled({ activeDeadlineSeconds: 1 })
      .and({ type: 'RecordPodFacts', facts: [] })
      .and({ type: 'DeleteJob', propagation: 'Background' })
      .and({ type: 'RemovePods' })
      .and(succeeded(0))
    for (const intent of all) {
      expect(dueAt(gone, intent)).toBeNull()
      gone.when({ type: intent }, start + 99 * second).emits()
      expect(decide({ type: intent }, { at: start, seed: 's' })(noJob)).toStrictEqual(E.left({ _tag: 'JobNotFound' }))
    }
  })

  test('[S-3] of a Job of another manager', () => {
    const foreign = given(jobCreated({ managedElsewhere: true, activeDeadlineSeconds: 0 }))
    for (const intent of all) {
      expect(dueAt(foreign, intent)).toBeNull()
      foreign.when({ type: intent }, start + 99 * second).emits()
    }
  })

  test('[S-4] of a finished Job, whatever its spec becomes', () => {
    const over = settled({ activeDeadlineSeconds: 30 }).and(succeeded(0)).and(sync)
    const changed = over.and(change({ parallelism: 9, backoffLimit: 0 }), start + second)
    for (const intent of all) {
      expect(dueAt(changed, intent)).toBeNull()
      changed.when({ type: intent }, start + 99 * second).emits()
    }
  })
})
