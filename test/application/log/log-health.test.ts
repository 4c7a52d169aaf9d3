import { describe, expect, test } from 'vitest'
import { logHealth } from '../../../src/application/log/log-health.ts'
import { newLedger } from '../../../src/application/log/ledger.ts'
import type { EventStore, StoredEvent } from '../../../src/application/ports/event-store.ts'
import { E, TE } from '../../../src/prelude.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

const event = (position: bigint): StoredEvent => ({
  id: 'a',
  type: 'Unknown',
  data: '{}',
  metadata: '{}',
  stream: 'other-a',
  revision: 0,
  position,
})

const asked = (readAllBackwards: EventStore['readAllBackwards']) => {
  const clock = virtualClock()
  const ledger = newLedger()
  return { clock, ledger, health: logHealth({ store: { readAllBackwards }, ledger, clock }) }
}

describe('the health of the log', () => {
  test('is good when its last event is applied, also when there is none', async () => {
    expect(await asked(() => TE.right([])).health()).toBeNull()
  })

  test('is bad when it cannot be read, with the reason of the store', async () => {
    const { health } = asked(() => TE.left({ _tag: 'StoreUnavailable', reason: 'nobody listens' }))
    expect(await health()).toBe('nobody listens')
  })

  test('is bad when it does not answer', async () => {
    const { clock, health } = asked(() => () => new Promise(() => {}))
    const answer = health()
    await clock.pass(2000)
    expect(await answer).toBe('the log does not answer within 2 seconds')
  })

  test('is bad when events are not applied', async () => {
    const { clock, health } = asked(() => TE.right([event(7n)]))
    const answer = health()
    await clock.pass(2000)
    expect(await answer).toBe('the log goes on to position 7, of which -1 is applied')
  })

  test('is asked once at a time', async () => {
    let reads = 0
    const { health } = asked(() => async () => {
      reads += 1
      return E.right([])
    })
    await Promise.all([health(), health(), health()])
    expect(reads).toBe(1)
    await health()
    expect(reads).toBe(2)
  })
})
