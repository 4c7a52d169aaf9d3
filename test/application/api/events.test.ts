import { describe, expect, test } from 'vitest'
import { eventsResource } from '../../../src/application/api/events.ts'
import { chainStart, seal } from '../../../src/application/log/envelope.ts'
import { newLedger } from '../../../src/application/log/ledger.ts'
import type { JobEvent } from '../../../src/domain/job/events.ts'
import { kubernetesEvents } from '../../../src/projections/kubernetes-events.ts'
import { change } from '../../support/given.ts'
import { manifest } from '../../support/manifests.ts'
import { birth, recordedOf, told } from '../../support/told.ts'
import { virtualClock } from '../../support/virtual-clock.ts'
import { countingEntropy, digest, user } from '../../support/world.ts'

/** The Events of a ledger that is told a history event by event. */
const shelved = (history: ReadonlyArray<JobEvent>) => {
  const clock = virtualClock(birth)
  const ledger = newLedger()
  const resource = eventsResource({ ledger, clock, entropy: countingEntropy() })
  const origin = { correlationId: 'c', causationId: 'c', actor: user, commandId: 'c', seed: 's' }
  let told = 0
  const tell = (events: ReadonlyArray<JobEvent>) => {
    for (const sealed of seal(events, origin, chainStart, digest).sealed) {
      told += 1
      ledger.apply([{ ...sealed, stream: 'job-uid-1', revision: told - 1, position: BigInt(told) }])
    }
  }
  tell(history)
  return { clock, resource, tell }
}

const suspendedTwice = told()
  .sync()
  .and(change({ suspend: true }))
  .sync(1)
  .and(change({ suspend: false }))
  .sync(2)
  .and(change({ suspend: true }))
  .sync(3).history

const eventsIn = (history: typeof suspendedTwice) => history.map(({ event }) => event)

describe('the Events of the API', () => {
  test('are those of the whole history, in the order of their names', () => {
    const { resource } = shelved(eventsIn(suspendedTwice))
    const expected = kubernetesEvents(recordedOf(eventsIn(suspendedTwice)))
    expect(expected.length).toBeGreaterThan(3)
    expect(
      resource.list('default').map(({ eventTime, metadata: { uid, resourceVersion, ...metadata }, ...event }) => {
        expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
        expect(Number(resourceVersion)).toBeGreaterThan(0)
        return { ...event, metadata }
      }),
    ).toStrictEqual(expected.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)))
  })

  test('have the version of what they told last', () => {
    const events = shelved(eventsIn(suspendedTwice)).resource.list(null)
    const suspended = events.filter(({ reason }) => reason === 'Suspended')
    expect(suspended.map(({ count }) => count)).toStrictEqual([2])
    expect(Number(suspended[0]?.metadata.resourceVersion)).toBe(suspendedTwice.length)
  })

  test('can be got by name, in their namespace', () => {
    const { resource } = shelved(eventsIn(suspendedTwice))
    const [first] = resource.list(null)
    expect(resource.get('default', first!.metadata.name)).toStrictEqual(first)
    expect(resource.get('other', first!.metadata.name)).toBeNull()
    expect(resource.list('other')).toStrictEqual([])
  })

  test('are forgotten after an hour of silence, one by one', () => {
    const { clock, resource } = shelved(eventsIn(suspendedTwice))
    expect(resource.list(null).map(({ reason }) => reason)).toContain('Resumed')
    clock.advance(3_600_000 + 2500)
    const reasons = resource.list(null).map(({ reason }) => reason)
    expect(reasons).not.toContain('Resumed')
    expect(reasons).toContain('Suspended')
    clock.advance(2000)
    expect(resource.list(null)).toStrictEqual([])
  })

  test('of a Job that is deleted stay as long, and no longer', () => {
    const { resource, tell } = shelved(eventsIn(suspendedTwice))
    tell([{ type: 'JobDeleted', at: birth + 4000 }])
    expect(resource.list(null)).not.toHaveLength(0)
    tell([{ type: 'JobDeleted', at: birth + 4000 + 3_600_001 }])
    expect(resource.list(null)).toStrictEqual([])
  })

  test('of many Pods stay few', () => {
    const { history } = told(manifest({ parallelism: 200, completions: 200 })).sync()
    expect(shelved(eventsIn(history)).resource.list(null)).toHaveLength(10)
  })
})
