import { expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { newLedger } from '../../../src/application/log/ledger.ts'
import { jobWriter } from '../../../src/application/jobs/job-writer.ts'
import { beginning } from '../../../src/application/ports/event-store.ts'
import { unappliedEvents } from '../../../src/application/log/unapplied-events.ts'
import { cronJobWriter } from '../../../src/application/cron-jobs/cron-job-writer.ts'
import { create } from '../../domain/cronjob/given-cron-job.ts'
import { right } from '../../support/event-stores.ts'
import { sync } from '../../support/given.ts'
import { manifest } from '../../support/manifests.ts'
import { virtualClock } from '../../support/virtual-clock.ts'
import { countingEntropy, user } from '../../support/world.ts'

/** Two events of a creation, and those of a first sync. */
const log = async () => {
  const store = inMemoryEventStore()
  const writer = jobWriter({ store, clock: virtualClock(), entropy: countingEntropy() })
  const create = { type: 'CreateJob', uid: 'a', manifest: manifest(), podBackoffBaseMs: 10_000 } as const
  for (const command of [create, sync]) await right(writer.handle('a', command, { actor: user }))
  return right(store.readAll(beginning, 100))
}

test('what is told for the first time is new', async () => {
  const events = await log()
  const ledger = newLedger()
  expect(unappliedEvents(events, ledger)).toStrictEqual(events)
  ledger.apply(events.slice(0, 2))
  expect(unappliedEvents(events.slice(2), ledger)).toStrictEqual(events.slice(2))
})

test('what is told again is left away', async () => {
  const events = await log()
  const ledger = newLedger()
  ledger.apply(events.slice(0, 3))
  expect(unappliedEvents(events, ledger)).toStrictEqual(events.slice(3))
  expect(unappliedEvents(events.slice(0, 3), ledger)).toStrictEqual([])
})

test('a Job of which an event was skipped is noticed, at the beginning and in the middle', async () => {
  const events = await log()
  expect(unappliedEvents(events.slice(1), newLedger())).toBeNull()
  expect(unappliedEvents([...events.slice(0, 1), ...events.slice(2)], newLedger())).toBeNull()
})

test('so is one of a CronJob', async () => {
  const store = inMemoryEventStore()
  const writer = cronJobWriter({ store, clock: virtualClock(), entropy: countingEntropy(), localZone: 'UTC' })
  await right(writer.handle('cron-1', create(), { actor: user }))
  const events = await right(store.readAll(beginning, 100))
  expect(unappliedEvents(events, newLedger())).toStrictEqual(events)
  expect(unappliedEvents(events.slice(1), newLedger())).toBeNull()
})
