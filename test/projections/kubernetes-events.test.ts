import { describe, expect, test } from 'vitest'
import type { JobEvent } from '../../src/domain/job/events.ts'
import { kubernetesEvents } from '../../src/projections/kubernetes-events.ts'
import { jobCreated, start } from '../support/facts.ts'
import { change, deletePod, failed, succeeded } from '../support/given.ts'
import { manifest } from '../support/manifests.ts'
import { atSecond, recordedOf, type Told, timeAt, told } from '../support/told.ts'

const said = ({ history }: Told) =>
  kubernetesEvents(history).map(({ type, reason, message }) => `${type} ${reason}: ${message}`)

/** A Job's history of Pods that were created at these milliseconds, and nothing else. */
const createdAt = (...times: ReadonlyArray<number>) => {
  const pods = times.map(
    (at, pod): JobEvent => ({
      type: 'PodCreated',
      pod,
      uid: `uid-${pod}`,
      name: '',
      index: null,
      attempt: 0,
      indexFailures: null,
      generation: 1,
      at: start + at,
    }),
  )
  return kubernetesEvents(recordedOf([jobCreated(), ...pods]))
}
const minute = 60_000
const combined = '(combined from similar events): '

describe('the Events of a Job', () => {
  test('a Job that completes', () => {
    expect(
      said(
        told()
          .sync(1)
          .and(succeeded(0, atSecond(2)))
          .sync(3),
      ),
    ).toStrictEqual([
      expect.stringMatching(/^Normal SuccessfulCreate: Created pod: pi-\w{5}$/),
      'Normal Completed: Job completed',
    ])
  })

  test('a Job that fails says so when the condition Failed is set, not at its target', () => {
    const late = told(manifest({ activeDeadlineSeconds: 10 }))
      .sync()
      .sync(10)
    expect(said(late)).not.toContainEqual(expect.stringContaining('DeadlineExceeded'))
    expect(said(late.and(failed(0, atSecond(11))).sync(11))).toStrictEqual([
      expect.stringContaining('SuccessfulCreate'),
      expect.stringMatching(/^Normal SuccessfulDelete: Deleted pod: pi-\w{5}$/),
      'Warning DeadlineExceeded: Job was active longer than specified deadline',
    ])
    expect(
      said(
        told(manifest({ backoffLimit: 0 }))
          .sync()
          .and(failed(0))
          .sync(1),
      ).at(-1),
    ).toBe('Warning BackoffLimitExceeded: Job has reached the specified backoff limit')
  })

  test('suspension and resuming', () => {
    const job = told()
      .sync()
      .and(change({ suspend: true }))
      .sync(1)
      .and(change({ suspend: false }))
      .sync(2)
    expect(said(job).map((line) => line.replace(/pi-\w+/, ''))).toStrictEqual([
      'Normal SuccessfulCreate: Created pod: ',
      'Normal SuccessfulDelete: Deleted pod: ',
      'Normal Suspended: Job suspended',
      'Normal SuccessfulCreate: Created pod: ',
      'Normal Resumed: Job resumed',
    ])
  })

  test('a Pod that a user deletes is nothing of the controller', () =>
    expect(said(told().sync().and(deletePod(0)))).not.toContainEqual(expect.stringContaining('Delete')))

  test('more successes than completions', () => {
    const over = told(manifest({ parallelism: 2, completions: 2 }))
      .sync()
      .and(succeeded(0))
      .and(succeeded(1))
    const history = over.sync(1).history.map((recorded) => {
      const { event } = recorded
      return event.type === 'JobCompleted'
        ? { ...recorded, event: { ...event, counts: { ...event.counts, succeeded: 3 } } }
        : recorded
    })
    expect(said({ ...over, history }).slice(-2)).toStrictEqual([
      'Warning TooManySucceededPods: Too many succeeded pods running after completion count reached',
      'Normal Completed: Job completed',
    ])
    expect(said(over.sync(1))).not.toContainEqual(expect.stringContaining('TooMany'))
  })

  test('are objects as the recorder of the controller writes them', () => {
    const [event] = kubernetesEvents(told().sync(1).history)
    expect(event).toStrictEqual({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'pi.0000000000000003', namespace: 'default', creationTimestamp: timeAt(1) },
      involvedObject: {
        kind: 'Job',
        namespace: 'default',
        name: 'pi',
        uid: 'uid-1',
        apiVersion: 'batch/v1',
        resourceVersion: '3',
      },
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: expect.stringContaining('Created pod: pi-'),
      source: { component: 'job-controller' },
      firstTimestamp: timeAt(1),
      lastTimestamp: timeAt(1),
      count: 1,
      reportingComponent: 'job-controller',
      reportingInstance: '',
    })
  })

  test('of nothing are none', () => expect(kubernetesEvents([])).toStrictEqual([]))
})

describe('the recorder thins out', () => {
  test('[EV-1] what is said again is counted at the first', () => {
    const job = [1, 2, 3].reduce(
      (one, second) =>
        one
          .and(change({ suspend: true }), second * 10)
          .sync(second * 10)
          .and(change({ suspend: false }), second * 10 + 5)
          .sync(second * 10 + 5),
      told(manifest({ parallelism: 0 })).sync(),
    )
    expect(
      kubernetesEvents(job.history).map(({ reason, count, firstTimestamp, lastTimestamp }) => [
        reason,
        count,
        firstTimestamp,
        lastTimestamp,
      ]),
    ).toStrictEqual([
      ['Suspended', 3, timeAt(10), timeAt(30)],
      ['Resumed', 3, timeAt(15), timeAt(35)],
    ])
  })

  test('[EV-2, EV-3] forty Pods at once: nine Events, and one of all that follow up to the burst', () => {
    const events = createdAt(...Array<number>(40).fill(0))
    expect(events).toHaveLength(10)
    expect(events.filter(({ message }) => message.startsWith(combined))).toStrictEqual([events[9]])
    expect(events.map(({ count }) => count)).toStrictEqual([...Array<number>(9).fill(1), 16])
  })

  test('[EV-2] the combined Event has the message of the latest', () => {
    const [first, last] = [createdAt(...Array<number>(10).fill(0)), createdAt(...Array<number>(12).fill(0))]
    expect(first.at(-1)?.message).not.toBe(last.at(-1)?.message)
    expect(last.at(-1)).toMatchObject({ message: expect.stringContaining(`${combined}Created pod: pi-`), count: 3 })
  })

  test('[EV-2] a kind that was silent for ten minutes begins anew', () => {
    const nine = Array<number>(9).fill(0)
    expect(createdAt(...nine, 10 * minute).at(-1)?.message).toContain(combined)
    expect(createdAt(...nine, 10 * minute + 1).at(-1)?.message).not.toContain(combined)
  })

  test('[EV-3] the rest of a burst is dropped, also of other kinds, until five minutes have passed', () => {
    const burst = Array<number>(30).fill(0)
    const count = (...times: ReadonlyArray<number>) => createdAt(...times).reduce((sum, one) => sum + one.count, 0)
    expect(count(...burst)).toBe(25)
    expect(count(...burst, 5 * minute - 1)).toBe(25)
    expect(count(...burst, 5 * minute)).toBe(26)
    expect(count(...burst, 5 * minute, 5 * minute)).toBe(26)
    expect(count(...burst, 15 * minute, 15 * minute, 15 * minute, 15 * minute)).toBe(28)
  })

  test('[EV-3] so that a large Job may not say how it ended', () => {
    const many = told(manifest({ parallelism: 30, completions: 30 })).sync()
    const done = Array.from({ length: 30 }, (_, pod) => pod)
      .reduce((job, pod) => job.and(succeeded(pod, atSecond(1))), many)
      .sync(2)
    expect(done.view.state).toMatchObject({ finished: { _tag: 'Success' } })
    expect(said(done)).not.toContainEqual(expect.stringContaining('Completed'))
  })
})
