import { describe, expect, test, vi } from 'vitest'
import { inMemoryEventStore } from '../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { newFolder, openStore } from '../support/sqlite-folders.ts'
import { copyLog } from './copy-log.ts'
import { type Day, day, makeCronJobs } from './day.ts'

/** `JOBLEDGER_TEST_DAY=200000 npx vitest run test/history` plays a whole day; otherwise a part of its morning. */
const eventsOfDay = Number(process.env['JOBLEDGER_TEST_DAY'] ?? 12_000)

const collections = [
  '/apis/batch/v1/jobs',
  '/apis/batch/v1/namespaces/team-1/jobs',
  '/api/v1/pods',
  '/api/v1/namespaces/team-2/pods',
  '/apis/batch/v1/cronjobs',
  '/api/v1/namespaces',
  '/api/v1/namespaces/team-0/events',
]

type Seen = {
  readonly collection: string
  readonly version: bigint
  readonly at: number
  readonly body: string
}

/** A list as it was answered when it was the present. */
const seen = async ({ ask, position, now }: Day, collection: string): Promise<Seen> => {
  const version = position()
  const { body } = await ask('GET', collection)
  return { collection, version, at: now(), body }
}

/** A version lasts until the next; Events whose hour ends meanwhile are in the list as it began. */
const asSeenAt = (at: number, body: string): string => {
  const list = JSON.parse(body)
  if (list.kind !== 'EventList') return body
  const items = list.items.filter(
    (event: { readonly lastTimestamp: string }) => Date.parse(event.lastTimestamp) > at - 3_600_000,
  )
  return `${JSON.stringify({ ...list, items })}\n`
}

const exact = ({ collection, version }: Seen): string =>
  `${collection}?resourceVersion=${version}&resourceVersionMatch=Exact`

describe('the past of a day', { timeout: 300_000 }, () => {
  test('API-16, API-17: every list that was ever answered is answered again as it was, and every watch tells the same, after a restart', async () => {
    const folder = await newFolder()
    const inMemory = inMemoryEventStore()
    const morning = await day(inMemory)
    const watched = ['/apis/batch/v1/jobs', '/api/v1/pods', '/api/v1/events'].map(
      (one) => `${one}?watch=1&resourceVersion=1&timeoutSeconds=86400`,
    )
    const live = await Promise.all(watched.map((one) => morning.watch(one)))
    await makeCronJobs(morning, 8)
    const recorded: Seen[] = []
    for (let n = 0; n < 50; n += 1) {
      // Anywhere, not at even distances.
      await morning.growTo(Math.round(((n + (n % 7) / 7) * eventsOfDay) / 50))
      recorded.push(await seen(morning, collections[n % collections.length] ?? ''))
    }
    await morning.growTo(eventsOfDay)
    const end = morning.position()
    const store = await openStore(folder)
    await copyLog(inMemory, store)
    await store.close()

    const began = performance.now()
    const after = await day(await openStore(folder), { epoch: morning.now() })
    const started = performance.now() - began
    const [cold, warm]: [number[], number[]] = [[], []]
    for (const one of recorded.toSorted((a, b) => (a.body < b.body ? -1 : 1))) {
      const times = []
      for (let n = 0; n < 2; n += 1) {
        const asked = performance.now()
        const { body } = await after.ask('GET', exact(one))
        times.push(performance.now() - asked)
        const isTheSame = asSeenAt(one.at, body) === asSeenAt(one.at, one.body)
        expect({ collection: one.collection, version: one.version, isTheSame }).toMatchObject({ isTheSame: true })
      }
      cold.push(times[0] ?? 0)
      warm.push(times[1] ?? 0)
    }
    const replayed = performance.now()
    const again = await Promise.all(watched.map((one) => after.watch(one, Number(end))))
    await vi.waitFor(() => expect(again.map(({ count }) => count())).toStrictEqual(live.map(({ count }) => count())), {
      timeout: 60_000,
    })
    expect(again.map(({ told }) => told())).toStrictEqual(live.map(({ told }) => told()))
    const watching = performance.now() - replayed
    console.log(
      `${end} events: started in ${Math.round(started)} ms; an Exact list cold ${shown(cold)}, warm ${shown(warm)}; three watches from the beginning in ${Math.round(watching)} ms; ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
    )
  })

  test('API-17: pages show the version of the first one, whatever happens between them, and after a restart', async () => {
    const store = inMemoryEventStore()
    const morning = await day(store)
    await makeCronJobs(morning, 4)
    await morning.growTo(1500)
    const pods = '/api/v1/pods'
    const whole = JSON.parse((await morning.ask('GET', pods)).body)
    const page = async ({ ask }: Day, query: string) => JSON.parse((await ask('GET', `${pods}?limit=3${query}`)).body)
    const pagesFrom = async (
      first: { readonly metadata: { readonly continue?: string } },
      through: () => Promise<Day>,
    ) => {
      const pages = [first]
      for (let last = first; last.metadata.continue !== undefined; pages.push(last))
        last = await page(await through(), `&continue=${last.metadata.continue}`)
      return pages
    }
    const first = await page(morning, '')
    let present = morning
    const restarted = async (): Promise<Day> => {
      await present.close()
      present = await day(store, { epoch: present.now() })
      await present.growTo(Number(present.position()) + 100)
      return present
    }
    const exactly = await page(
      await restarted(),
      `&resourceVersion=${whole.metadata.resourceVersion}&resourceVersionMatch=Exact`,
    )
    expect(exactly).toStrictEqual(first)
    const pages = await pagesFrom(first, restarted)
    expect(pages.length).toBeGreaterThan(3)
    expect(pages.flatMap((one) => ('items' in one ? one.items : []))).toStrictEqual(whole.items)
    expect(
      new Set(pages.map(({ metadata }) => 'resourceVersion' in metadata && metadata.resourceVersion)),
    ).toStrictEqual(new Set([whole.metadata.resourceVersion]))
  })

  test('API-17: one object is shown as it was, also when it is long gone; the future is not there yet', async () => {
    const morning = await day(inMemoryEventStore())
    await makeCronJobs(morning, 2)
    await morning.growTo(300)
    const at = morning.position()
    const { items } = JSON.parse((await morning.ask('GET', '/api/v1/pods')).body)
    const { namespace, name } = items[0].metadata
    await morning.growTo(2500)
    const address = `/api/v1/namespaces/${namespace}/pods/${name}`
    expect((await morning.ask('GET', address)).status).toBe(404)
    const before = await morning.ask('GET', `${address}?resourceVersion=${at}&resourceVersionMatch=Exact`)
    expect(JSON.parse(before.body)).toStrictEqual({ kind: 'Pod', apiVersion: 'v1', ...items[0] })
    const early = await morning.ask('GET', `${address}?resourceVersion=1&resourceVersionMatch=Exact`)
    expect(early.status).toBe(404)
    for (const path of [address, '/api/v1/pods']) {
      const future = await morning.ask('GET', `${path}?resourceVersion=99999&resourceVersionMatch=Exact`)
      expect([future.status, JSON.parse(future.body).details.causes[0].reason]).toStrictEqual([
        504,
        'ResourceVersionTooLarge',
      ])
    }
  })
})

const shown = (times: ReadonlyArray<number>): string => {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1)
  return `median ${at(0.5)} ms, most ${at(1)} ms`
}
