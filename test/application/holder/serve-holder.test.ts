import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/clock/system-clock.ts'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { openSimulatedRuntime } from '../../../src/adapters/runtimes/simulated/open-simulated-runtime.ts'
import { failureText } from '../../../src/application/failure-text.ts'
import type { CommandFailure } from '../../../src/application/jobs/job-writer.ts'
import { readMetadata } from '../../../src/application/log/read-event.ts'
import { serveHolder } from '../../../src/application/holder/serve-holder.ts'
import { right } from '../../support/event-stores.ts'
import { manifest } from '../../support/manifests.ts'
import { finished, world } from '../../support/world.ts'

const open = async () => {
  const store = inMemoryEventStore()
  const runtime = openSimulatedRuntime({
    clock: systemClock,
    scenario: ({ name }) => ({ runMs: name.startsWith('long') ? 60_000 : 0 }),
  })
  const it = await world({ store, runtime, clock: systemClock })
  return { ...it, store, ...serveHolder(it) }
}

const by = { user: 'bob', agent: 'another terminal' }
const run = (name: string) => ({ type: 'run' as const, manifest: manifest({}, name), ...by })
const change = (name: string, over: object) => ({
  type: 'change' as const,
  namespace: 'default',
  name,
  change: over,
  ...by,
})
const remove = (name: string) => ({
  type: 'delete' as const,
  namespace: 'default',
  name,
  propagation: 'Background' as const,
  ...by,
})

describe('what other terminals ask for', () => {
  test('a Job is created in the name of who asked, and runs to its end', async () => {
    const it = await open()
    const answer = await it.answer(run('pi'))
    expect(answer).toMatchObject({ type: 'done', changed: true })
    const uid = uidOf(it, 'pi')
    expect(answer).toMatchObject({ uid })
    await it.othersDone()
    expect(finished(it.ledger.getByUid(uid)!)).toBe(true)
    const [first] = await right(it.store.readAll(-1n, 1))
    expect(readMetadata(first!).actor).toStrictEqual({ kind: 'user', name: 'bob', agent: 'another terminal' })
    await it.controller.close()
  })

  test('a Job that runs already is joined; one that is finished is in the way', async () => {
    const it = await open()
    const first = await it.answer(run('long'))
    expect(await it.answer(run('long'))).toStrictEqual({ ...first, changed: false })
    await it.answer(run('pi'))
    await it.until(uidOf(it, 'pi'), finished)
    expect(await it.answer(run('pi'))).toStrictEqual({ type: 'refused', reason: 'jobs.batch "pi" already exists' })
    await it.controller.close()
  })

  test('a change is made, is told when it changes nothing, and is refused in words', async () => {
    const it = await open()
    await it.answer(run('long'))
    expect(await it.answer(change('long', { parallelism: 0 }))).toMatchObject({ type: 'done', changed: true })
    expect(await it.answer(change('long', { parallelism: 0 }))).toMatchObject({ type: 'done', changed: false })
    expect(await it.answer(change('long', { parallelism: -1 }))).toStrictEqual({
      type: 'refused',
      reason: 'jobs.batch "long" is invalid: spec.parallelism: Invalid value: -1: must be greater than or equal to 0',
    })
    expect(await it.answer(change('nothing', {}))).toStrictEqual({
      type: 'refused',
      reason: 'jobs.batch "nothing" not found',
    })
    await it.controller.close()
  })

  test('a deletion is done, Pods included, and a holder that waits for others is free', async () => {
    const it = await open()
    await it.answer(run('long'))
    const uid = uidOf(it, 'long')
    let isFree = false
    const free = it.othersDone().then(() => {
      isFree = true
    })
    await it.until(uid, ({ state }) => state._tag === 'Job' && state.counts.ready === 1)
    expect(isFree).toBe(false)
    expect(await it.answer(remove('long'))).toMatchObject({ type: 'done', uid })
    await free
    expect(it.ledger.getByUid(uid)?.state).toMatchObject({ deleted: true, live: 0 })
    expect(await it.answer(remove('long'))).toStrictEqual({ type: 'refused', reason: 'jobs.batch "long" not found' })
    await it.controller.close()
  })

  test('a holder whom nobody asked is free at once', async () => {
    const it = await open()
    await it.othersDone()
    await it.controller.close()
  })
})

const uidOf = (it: Awaited<ReturnType<typeof open>>, name: string): string => {
  const state = it.ledger.find('default', name)?.state
  if (state?._tag !== 'Job') throw new Error(`there is no Job ${name}`)
  return state.uid
}

test.each<[failure: CommandFailure, says: string]>([
  [{ _tag: 'JobNotFound' }, 'jobs.batch "pi" not found'],
  [{ _tag: 'JobAlreadyExists' }, 'jobs.batch "pi" already exists'],
  [
    { _tag: 'WrongExpectedRevision', stream: 's', expected: 1, actual: 2 },
    'jobs.batch "pi" was changed at the same time; try again',
  ],
  [
    { _tag: 'UnknownOutcome', stream: 's', reason: 'the line went dead' },
    'nobody knows whether the change of jobs.batch "pi" was stored (the line went dead); look at its history before trying again',
  ],
  [{ _tag: 'StoreUnavailable', reason: 'the disk is full' }, 'the log is not available: the disk is full'],
  [{ _tag: 'PodNotFound', pod: 3 }, 'jobs.batch "pi" is invalid: the Pod does not exist'],
  [
    { _tag: 'FieldInvalid', field: 'spec.parallelism', value: '-1', detail: 'no' },
    'jobs.batch "pi" is invalid: spec.parallelism: Invalid value: -1: no',
  ],
])('the failure %j is said in a sentence', (failure, says) =>
  expect(failureText(failure, 'jobs.batch "pi"')).toBe(says),
)
