import { describe, expect, test, vi } from 'vitest'
import { administrator } from '../../../src/adapters/kube-api/access/user.ts'
import type { ApiReader } from '../../../src/adapters/kube-api/answer.ts'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { conformanceWorld } from '../../conformance/world.ts'

type World = Awaited<ReturnType<typeof conformanceWorld>>

const jobs = '/apis/batch/v1/namespaces/default/jobs'
const pods = '/api/v1/namespaces/default/pods'

/** A request without a socket; `reader` takes the pieces of a stream. */
const request = (world: World, method: string, address: string, body?: unknown, accept = 'application/json') => {
  const { pathname, searchParams } = new URL(address, 'http://here')
  return world.handle({
    method,
    path: pathname,
    query: searchParams,
    headers: {
      accept,
      ...(body === undefined
        ? {}
        : { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
    },
    body: new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body)),
    user: administrator('ada'),
  })
}

type Line = {
  readonly type: string
  readonly object: Readonly<Record<string, unknown>> & {
    readonly metadata: { readonly name?: string; readonly resourceVersion: string }
  }
}

/** What a watch has told so far. */
const watching = async (world: World, address: string, over: Partial<ApiReader> = {}, accept?: string) => {
  const pieces: string[] = []
  const state = { ended: false, dropped: false }
  const answer = await request(world, 'GET', address, undefined, accept)
  const stop = answer.stream?.({
    write: (piece) =>
      void pieces.push(
        ...Buffer.from(piece)
          .toString()
          .split(/(?<=\n)/),
      ),
    waiting: () => 0,
    drained: async () => {},
    end: () => {
      state.ended = true
    },
    drop: () => {
      state.dropped = true
    },
    ...over,
  })
  return {
    answer,
    pieces,
    state,
    stop: () => stop?.(),
    lines: () => pieces.map((piece): Line => JSON.parse(piece)),
    told: () =>
      pieces.map((piece): Line => JSON.parse(piece)).map(({ type, object }) => `${type} ${object.metadata.name}`),
  }
}

const job = (name: string, spec: object = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    ...spec,
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } },
  },
})

const original = JSON.stringify

const isShownJob = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Job' && 'status' in value

/** A Job with two Pods comes, changes and goes, with some time between. */
const someLife = async (world: World) => {
  await request(world, 'POST', jobs, job('pi', { parallelism: 2, completions: 2 }))
  await world.sleep(3)
  await request(world, 'PATCH', `${jobs}/pi`, { metadata: { labels: { a: 'b' } } })
  await request(world, 'PATCH', `${jobs}/pi`, { spec: { suspend: true } })
  await world.sleep(3)
  await request(world, 'DELETE', `${jobs}/pi`, { propagationPolicy: 'Background' })
  await world.sleep(60)
}

describe('a watch', () => {
  test('tells of the past what it told when that was the present, from the log alone and after a restart', async () => {
    const store = inMemoryEventStore()
    const world = await conformanceWorld(store, { remembered: 1 })
    const live = await Promise.all(
      [jobs, pods, '/api/v1/events'].map((address) => watching(world, `${address}?watch=1&resourceVersion=9`)),
    )
    await someLife(world)
    const again = await Promise.all(
      [jobs, pods, '/api/v1/events'].map((address) => watching(world, `${address}?watch=1&resourceVersion=9`)),
    )
    await vi.waitFor(() => {
      for (const [place, watch] of live.entries()) expect(again[place]?.pieces).toStrictEqual(watch.pieces)
    })
    expect(live.map(({ pieces }) => pieces.length > 1)).toStrictEqual([true, true, true])
    expect(live[0]?.told().at(-1)).toBe('DELETED pi')
    const restarted = await conformanceWorld(store, { epoch: world.now(), uuidsFrom: 1000 })
    const later = await watching(restarted, `${jobs}?watch=1&resourceVersion=9`)
    expect(later.pieces).toStrictEqual(live[0]?.pieces)
  })

  test('goes on with the present where the past ends, and tells each version once', async () => {
    const world = await conformanceWorld(undefined, { remembered: 1 })
    await someLife(world)
    const watch = await watching(world, `${jobs}?watch=1&resourceVersion=1`)
    await vi.waitFor(() => expect(watch.told().at(-1)).toBe('DELETED pi'))
    await request(world, 'POST', jobs, job('e', { suspend: true }))
    expect(watch.told().filter((line) => line === 'ADDED e')).toHaveLength(1)
    const versions = watch.lines().map(({ object }) => Number(object.metadata.resourceVersion))
    expect(versions).toStrictEqual([...new Set(versions)].toSorted((a, b) => a - b))
  })

  test('shows what went as it last was, at the version of its going', async () => {
    const world = await conformanceWorld()
    await request(world, 'POST', jobs, job('pi', { suspend: true }))
    const watch = await watching(world, `${jobs}?watch=1&resourceVersion=0`)
    const [first] = watch.lines()
    await request(world, 'DELETE', `${jobs}/pi`, { propagationPolicy: 'Background' })
    const last = watch.lines().at(-1)
    expect(last?.type).toBe('DELETED')
    expect(last?.object['spec']).toStrictEqual(first?.object['spec'])
    expect(Number(last?.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(first?.object.metadata.resourceVersion),
    )
  })

  test('from a version that is still to come says nothing until then', async () => {
    const world = await conformanceWorld()
    const watch = await watching(world, `${jobs}?watch=1&resourceVersion=1000`)
    await request(world, 'POST', jobs, job('pi', { suspend: true }))
    expect(watch.pieces).toStrictEqual([])
  })

  test('whose reader has a megabyte waiting hears no more until it has taken that, and then all it has missed', async () => {
    const world = await conformanceWorld()
    let [waiting, letGo] = [0, (): void => {}]
    const drained = () =>
      new Promise<void>((resolve) => {
        letGo = resolve
      })
    const watch = await watching(world, `${jobs}?watch=1`, { waiting: () => waiting, drained })
    await request(world, 'POST', jobs, job('a', { suspend: true }))
    waiting = 2 << 20
    await request(world, 'POST', jobs, job('b', { suspend: true }))
    const told = watch.told().length
    for (const name of ['c', 'd']) await request(world, 'POST', jobs, job(name, { suspend: true }))
    expect(watch.told()).toHaveLength(told)
    waiting = 0
    letGo()
    await vi.waitFor(() => expect(watch.told()).toContain('MODIFIED d'))
    await request(world, 'POST', jobs, job('e', { suspend: true }))
    await world.sleep(1)
    const versions = watch.lines().map(({ object }) => Number(object.metadata.resourceVersion))
    expect(versions).toStrictEqual([...new Set(versions)].toSorted((a, b) => a - b))
    expect(new Set(watch.told())).toStrictEqual(
      new Set(['a', 'b', 'c', 'd', 'e'].flatMap((name) => [`ADDED ${name}`, `MODIFIED ${name}`])),
    )
  })

  test('whose reader takes nothing for a minute is cut', async () => {
    const world = await conformanceWorld()
    const stuck = { waiting: () => 2 << 20, drained: () => new Promise<void>(() => {}) }
    const watch = await watching(world, `${jobs}?watch=1`, stuck)
    await request(world, 'POST', jobs, job('a', { suspend: true }))
    await world.sleep(59)
    expect(watch.state.dropped).toBe(false)
    await world.sleep(2)
    expect(watch.state.dropped).toBe(true)
    const told = watch.pieces.length
    await request(world, 'POST', jobs, job('b', { suspend: true }))
    expect(watch.pieces).toHaveLength(told)
  })

  test('that meets an object which cannot be shown ends with an error, and others go on', async () => {
    const world = await conformanceWorld()
    const broken = await watching(world, `${jobs}?watch=1`)
    const other = await watching(world, `${pods}?watch=1`)
    const stringify = vi.spyOn(JSON, 'stringify').mockImplementation(function cannot(value: unknown): string {
      if (isShownJob(value)) throw new Error('too deep')
      return original(value)
    })
    await request(world, 'POST', jobs, job('pi', { suspend: true })).catch(() => null)
    stringify.mockRestore()
    expect(broken.pieces).toHaveLength(1)
    expect(broken.pieces[0]).toContain('an object cannot be shown: too deep')
    expect(broken.state.ended).toBe(true)
    expect(other.state.ended).toBe(false)
    const { told } = await watching(world, `${jobs}?watch=1`)
    expect(told()).toStrictEqual(['ADDED pi'])
  })

  test('hears no more when its reader has gone', async () => {
    const world = await conformanceWorld()
    const watch = await watching(world, `${jobs}?watch=1`)
    watch.stop()
    await request(world, 'POST', jobs, job('a', { suspend: true }))
    expect(watch.pieces).toStrictEqual([])
  })

  test('costs one encoding of a version, however many watch', async () => {
    const world = await conformanceWorld()
    const watches = []
    for (let count = 0; count < 20; count += 1) watches.push(await watching(world, `${jobs}?watch=1`))
    const stringify = vi.spyOn(JSON, 'stringify')
    await request(world, 'POST', jobs, job('pi', { suspend: true }))
    const encodings = stringify.mock.calls.filter(
      ([value]) => value?.kind === 'Job' && value.metadata.resourceVersion !== undefined,
    )
    stringify.mockRestore()
    expect(watches.map((watch) => watch.told()[0])).toStrictEqual(Array.from({ length: 20 }, () => 'ADDED pi'))
    expect(encodings).toHaveLength(2)
  })

  test('marks the end of what was there, and ends in time with a bookmark before it; as a table too', async () => {
    const world = await conformanceWorld()
    const list = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=10'
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
    const watch = await watching(world, `${jobs}?watch=1&${list}`)
    const asTable = await watching(world, `${jobs}?watch=1&${list}`, {}, table)
    expect(watch.lines().map(({ type }) => type)).toStrictEqual(['BOOKMARK'])
    expect(JSON.stringify(asTable.lines())).toContain('"k8s.io/initial-events-end":"true"')
    await world.sleep(9)
    expect(watch.lines().map(({ type }) => type)).toStrictEqual(['BOOKMARK', 'BOOKMARK'])
    expect(watch.state.ended).toBe(false)
    await world.sleep(1)
    expect(watch.state.ended).toBe(true)
  })

  test('of the distant past waits until few others fold it, too', async () => {
    const world = await conformanceWorld(undefined, { remembered: 1 })
    await someLife(world)
    let letGo = (): void => {}
    const stuck = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const past = `${jobs}?watch=1&resourceVersion=1`
    for (let count = 0; count < 4; count += 1) {
      let waiting = 0
      const write = () => void (waiting = 2 << 20)
      await watching(world, past, { write, waiting: () => waiting, drained: () => stuck })
    }
    const next = await watching(world, past)
    await world.sleep(30)
    expect(next.answer.status).toBe(200)
    expect(next.pieces).toStrictEqual([])
    letGo()
    await vi.waitFor(() => expect(next.told().at(-1)).toBe('DELETED pi'))
  })
})
