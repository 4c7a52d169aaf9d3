import { expect, test } from 'vitest'
import { liveLog } from '../../../src/adapters/eventstore/live-log.ts'
import { beginning, type StoredEvent } from '../../../src/application/ports/event-store.ts'
import { E } from '../../../src/prelude.ts'
import { newEvent, until } from '../../support/event-stores.ts'

test('what is told while a follower waits for a page is not missed', async () => {
  const event: StoredEvent = { ...newEvent(1), stream: 'a', revision: 0, position: 1n }
  const log: StoredEvent[] = []
  const live = liveLog(0n, (after, limit) => async () => {
    const page = log.filter(({ position }) => position > after).slice(0, limit)
    await new Promise((resolve) => setTimeout(resolve, 10))
    return E.right(page)
  })
  const heard: StoredEvent[] = []
  live.subscribeAll(beginning).subscribe((events) => heard.push(...events))
  log.push(event)
  live.publish(1n, () => [event])
  await until(() => heard.length > 0)
  expect(heard).toEqual([event])
  live.close()
})
