import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/clock/system-clock.ts'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { openSimulatedRuntime } from '../../../src/adapters/runtimes/simulated/open-simulated-runtime.ts'
import { startController } from '../../../src/application/jobs/controller.ts'
import { beginning } from '../../../src/application/ports/event-store.ts'
import { readEvent, readMetadata } from '../../../src/application/log/read-event.ts'
import { E, TE } from '../../../src/prelude.ts'
import { jobStatus } from '../../../src/projections/job-object.ts'
import { right } from '../../support/event-stores.ts'
import { type Fault, faultyStore } from '../../support/faulty-store.ts'
import { manifest } from '../../support/manifests.ts'
import { scriptedRuntime } from '../../support/scripted-runtime.ts'
import { virtualClock } from '../../support/virtual-clock.ts'
import { digest, finished, user, world } from '../../support/world.ts'

const start = async (
  over: Parameters<typeof manifest>[0],
  scenario?: Parameters<typeof openSimulatedRuntime>[0]['scenario'],
) => {
  const store = inMemoryEventStore()
  const runtime = openSimulatedRuntime({ clock: systemClock, ...(scenario && { scenario }) })
  const it = await world({ store, runtime, clock: systemClock, podBackoffBaseMs: 1 })
  const created = await it.service.create(manifest(over), user)()
  if (E.isLeft(created)) throw new Error(created.left._tag)
  const { uid } = created.right
  void it.controller.drive(uid)
  return { ...it, store, uid }
}

describe('the loop', () => {
  test('[J-1] runs a Job to its end: every change is an event, and the last one completes it', async () => {
    const it = await start({ parallelism: 2, completions: 4 })
    const { state } = await it.until(it.uid, finished)
    if (state._tag !== 'Job') throw new Error('no Job')
    expect(jobStatus(state, null)).toMatchObject({
      succeeded: 4,
      ready: 0,
      terminating: 0,
      uncountedTerminatedPods: {},
    })
    expect(jobStatus(state, null).conditions?.map(({ type, reason }) => [type, reason])).toStrictEqual([
      ['SuccessCriteriaMet', 'CompletionsReached'],
      ['Complete', 'CompletionsReached'],
    ])
    await it.controller.close()
    expect(it.fatal).toStrictEqual([])
  })

  test('[J-3] replaces a Pod that failed', async () => {
    const it = await start({}, (pod) => ({ exitCode: pod.attempt === 0 ? 3 : 0 }))
    const { state } = await it.until(it.uid, finished)
    expect(state._tag === 'Job' && jobStatus(state, null)).toMatchObject({ succeeded: 1, failed: 1 })
    await it.controller.close()
  })

  test('[J-30] gives every index its Pod, and none twice when all succeed', async () => {
    const it = await start({ completionMode: 'Indexed', completions: 2500, parallelism: 700 })
    const { state } = await it.until(it.uid, finished)
    expect(state._tag === 'Job' && jobStatus(state, null)).toMatchObject({
      succeeded: 2500,
      completedIndexes: '0-2499',
    })
    expect(state._tag === 'Job' && state.pods.size).toBe(2500)
    await it.controller.close()
  })

  test('[S1] every stream is a chain: each event carries the hash of the one before, over the stored bytes', async () => {
    const it = await start({ parallelism: 2, completions: 3 })
    await it.until(it.uid, finished)
    await it.controller.close()
    const all = await it.store.readAll(beginning, 1000)()
    if (E.isLeft(all)) throw new Error(all.left.reason)
    let previous = '0'.repeat(64)
    for (const stored of all.right) {
      const metadata = readMetadata(stored)
      expect(metadata.previous).toBe(previous)
      const open = stored.metadata.slice(0, stored.metadata.lastIndexOf(',"hash"'))
      expect(metadata.hash).toBe(digest(`${previous}\n${stored.type}\n${stored.data}\n${open}`))
      previous = metadata.hash
    }
  })

  test('every event has an actor and a cause, and every chain of causes ends in a user, the clock or the world', async () => {
    const it = await start({ parallelism: 2, completions: 3 }, (pod) => ({ exitCode: pod.attempt === 0 ? 1 : 0 }))
    await it.until(it.uid, finished)
    await it.controller.close()
    const all = await it.store.readAll(beginning, 1000)()
    if (E.isLeft(all)) throw new Error(all.left.reason)
    const byId = new Map(all.right.map((stored) => [stored.id, readMetadata(stored)]))
    const roots = new Set<string>()
    for (const stored of all.right) {
      let metadata = readMetadata(stored)
      for (let hops = 0; byId.has(metadata.causationId); hops += 1) {
        expect(hops).toBeLessThan(1000)
        metadata = byId.get(metadata.causationId) ?? metadata
      }
      const { causationId, commandId, actor } = metadata
      roots.add(causationId === commandId ? actor.kind : (causationId.split(':')[0] ?? ''))
    }
    expect([...roots].every((root) => ['user', 'clock', 'world'].includes(root))).toBe(true)
    expect(new Set(all.right.map((stored) => readMetadata(stored).correlationId)).size).toBe(1)
  })

  test('a second Job of the same name is refused while the first exists, also when both are asked for at once', async () => {
    const store = inMemoryEventStore()
    const it = await world({ store, runtime: openSimulatedRuntime({ clock: systemClock }), clock: systemClock })
    const [first, second] = await Promise.all([
      it.service.create(manifest({ suspend: true }), user)(),
      it.service.create(manifest({ suspend: true }), user)(),
    ])
    expect([first, second].map(({ _tag }) => _tag).sort()).toStrictEqual(['Left', 'Right'])
    expect(await it.service.create(manifest({ suspend: true }), user)()).toMatchObject({
      left: { _tag: 'JobAlreadyExists' },
    })
    await it.controller.close()
  })

  test('suspension stops the Pods, resuming runs them to the end', async () => {
    const it = await start({ completions: 2, parallelism: 2 }, ({ pod }) => ({ runMs: pod < 2 ? 60_000 : 0 }))
    await it.until(it.uid, ({ state }) => state._tag === 'Job' && state.published.counts.ready === 2)
    await it.service.change('default', 'pi', { suspend: true }, user)()
    await it.until(it.uid, ({ state }) => state._tag === 'Job' && state.suspended?.status === true && state.live === 0)
    await it.service.change('default', 'pi', { suspend: false }, user)()
    const { state } = await it.until(it.uid, finished)
    expect(state._tag === 'Job' && jobStatus(state, null)).toMatchObject({ succeeded: 2 })
    expect(state._tag === 'Job' && jobStatus(state, null).failed).toBeUndefined()
    await it.controller.close()
  })

  test('[G-2] a finished Job with a time to live goes, Pods first', async () => {
    const it = await start({ ttlSecondsAfterFinished: 0 })
    const { state } = await it.until(it.uid, ({ state }) => state._tag === 'Job' && state.deleted && state.live === 0)
    expect(it.ledger.find('default', 'pi')).toBeNull()
    expect(state._tag === 'Job' && state.deletion?.propagation).toBe('Foreground')
    await it.controller.close()
  })

  test('a clock that is set back between a wish and its decision costs nothing: the wish is told again', async () => {
    const clock = virtualClock(Date.parse('2026-07-21T08:00:00Z'))
    const { ledger, writer, service, ...it } = await world({
      store: inMemoryEventStore(),
      runtime: scriptedRuntime().runtime,
      clock,
    })
    const created = await right(service.create(manifest({ suspend: true }), user))
    const wished: string[] = []
    const setBackMs = [3_600_000, 1000, 0]
    const controller = startController({
      store: inMemoryEventStore(),
      runtime: scriptedRuntime().runtime,
      clock,
      ledger,
      windowMs: 0,
      onFatal: (reason) => it.fatal.push(reason),
      writer: {
        ...writer,
        handle: (_, { type }) => {
          const decidedAt = clock.now() - (setBackMs[wished.length] ?? 0)
          if (type === 'CreatePods') wished.push(type)
          return TE.right({ events: [], position: null, decidedAt })
        },
      },
    })
    await controller.drive(created.uid)
    for (let turns = 0; turns < 50; turns += 1) await clock.pass(1000)
    expect(wished).toStrictEqual(['CreatePods', 'CreatePods', 'CreatePods'])
    await controller.close()
    expect(it.fatal).toStrictEqual([])
  })

  test('a store whose answers come long after its events stops nothing', async () => {
    const { store, appends } = faultyStore(Array<Fault>(1000).fill('answered late'))
    const it = await world({ store, runtime: openSimulatedRuntime({ clock: systemClock }), clock: systemClock })
    const created = await right(it.service.create(manifest({ parallelism: 3, completions: 5 }), user))
    void it.controller.drive(created.uid)
    const { state } = await it.until(created.uid, finished)
    expect(state._tag === 'Job' && jobStatus(state, null)).toMatchObject({ succeeded: 5 })
    expect(appends.every(({ fault }) => fault === 'answered late')).toBe(true)
    await it.controller.close()
    expect(it.fatal).toStrictEqual([])
  })

  test('[S4] folding the log from nothing gives exactly the state that the writer holds', async () => {
    const it = await start({ completionMode: 'Indexed', completions: 30, parallelism: 5 }, (pod) => ({
      exitCode: pod.attempt === 0 && (pod.index ?? 0) % 7 === 0 ? 1 : 0,
    }))
    const view = await it.until(it.uid, finished)
    const all = await it.store.readAll(beginning, 10_000)()
    if (E.isLeft(all)) throw new Error(all.left.reason)
    expect(all.right.map((stored) => readEvent(stored).revision)).toStrictEqual(all.right.map((_, place) => place))
    await it.controller.close()
    const { foldJobView, emptyJobView } = await import('../../../src/projections/job-view.ts')
    const again = foldJobView(emptyJobView, all.right.map(readEvent))
    expect(JSON.stringify(again.state, plain)).toBe(JSON.stringify(view.state, plain))
  })
})

const plain = (key: string, value: unknown): unknown =>
  key === 'owner' ? undefined : ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value
