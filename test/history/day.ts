import { createHash } from 'node:crypto'
import { administrator } from '../../src/adapters/kube-api/access/user.ts'
import { openSimulatedRuntime } from '../../src/adapters/runtimes/simulated/open-simulated-runtime.ts'
import { seededScenario } from '../../src/adapters/runtimes/simulated/seeded-scenario.ts'
import type { Appended, EventStore } from '../../src/application/ports/event-store.ts'
import { TE } from '../../src/prelude.ts'
import { conformanceWorld } from '../conformance/world.ts'

export type Day = Awaited<ReturnType<typeof day>>

/**
 * A busy day of CronJobs over a log: Jobs of one Pod and of many come, fail, are tried again, and go by their history limits. Time
 * passes only when somebody says so, and waits for the log. One that goes on begins at `epoch`.
 */
export const day = async (store: EventStore, { epoch }: { readonly epoch?: number } = {}) => {
  const counted = counting(store)
  const world = await conformanceWorld(counted.store, {
    ...(epoch === undefined ? {} : { epoch, uuidsFrom: 1_000_000_000 }),
    runtime: (clock) =>
      openSimulatedRuntime({ clock, scenario: seededScenario(7, { failureShare: 0.15, runMsMax: 90_000 }) }),
  })
  const { clock } = world

  /** Waits until everybody has heard of everything, and nobody had more to say. */
  const quiet = async (): Promise<void> => {
    for (let still = 0; still < 2; ) {
      await clock.turn()
      still = counted.underWay() === 0 && world.position() >= counted.last() ? still + 1 : 0
    }
  }
  const ask = async (method: string, address: string, body?: unknown) => {
    const { pathname, searchParams } = new URL(address, 'http://here')
    const answer = await world.handle({
      method,
      path: pathname,
      query: searchParams,
      headers: method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {},
      body: new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body)),
      user: administrator('ada'),
    })
    return answer
  }
  /** What a watch tells up to a version, as a digest and a count, since there is much of it. */
  const watch = async (address: string, until = Number.POSITIVE_INFINITY) => {
    const digest = createHash('sha256')
    let count = 0
    const answer = await ask('GET', address)
    answer.stream?.({
      write: (piece) => {
        for (const line of piece.toString().split('\n').slice(0, -1)) {
          if (Number(JSON.parse(line).object.metadata.resourceVersion) > until) continue
          digest.update(line)
          count += 1
        }
      },
      waiting: () => 0,
      drained: async () => {},
      end: () => {},
      drop: () => {},
    })
    return { count: () => count, told: () => `${count} ${digest.copy().digest('hex')}` }
  }
  return {
    ask,
    watch,
    position: world.position,
    /** Nobody works for the log any more. */
    close: world.close,
    now: clock.now,
    /** Lets time pass until the log is as long as this. */
    growTo: async (position: number): Promise<void> => {
      for (await quiet(); world.position() < position; await quiet()) clock.step()
    },
  }
}

/** The CronJobs of the day: `many` of them, in three namespaces. */
export const makeCronJobs = async ({ ask }: Day, many: number): Promise<void> => {
  for (const name of ['team-0', 'team-1', 'team-2']) await ask('POST', '/api/v1/namespaces', { metadata: { name } })
  for (let n = 0; n < many; n += 1) {
    const { status, body } = await ask('POST', `/apis/batch/v1/namespaces/team-${n % 3}/cronjobs`, cronJob(n))
    if (status !== 201) throw new Error(body)
  }
}

const cronJob = (n: number) => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: `cron-${n}`, labels: { team: `${n % 3}` } },
  spec: {
    schedule: `*/${1 + (n % 5)} * * * *`,
    concurrencyPolicy: n % 4 === 0 ? 'Replace' : 'Allow',
    successfulJobsHistoryLimit: 1 + (n % 3),
    jobTemplate: {
      spec: {
        backoffLimit: 2,
        ...(n % 2 === 0
          ? {}
          : {
              completionMode: 'Indexed',
              completions: 1 + (n % 20),
              parallelism: 1 + (n % 20),
              backoffLimitPerIndex: 1,
            }),
        ...(n % 2 === 0 ? {} : { backoffLimit: undefined }),
        template: {
          metadata: { labels: { cron: `${n}` } },
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'main', image: 'busybox', command: ['true'], env: [{ name: 'N', value: `${n}` }] }],
          },
        },
      },
    },
  },
})

/** A store that tells how many appends are under way, and what was appended last. */
const counting = (store: EventStore) => {
  let underWay = 0
  let last = -1n
  const counted: EventStore = {
    ...store,
    append: (stream, expected, events) => {
      const append = store.append(stream, expected, events)
      return async () => {
        underWay += 1
        const answer = await TE.map((appended: Appended) => {
          if (appended.position > last) last = appended.position
          return appended
        })(append)()
        underWay -= 1
        return answer
      }
    },
  }
  return { store: counted, underWay: () => underWay, last: () => last }
}
