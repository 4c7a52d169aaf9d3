import type { Labels, MetricFamily } from '../../../projections/metrics/meter-book.ts'
import type { ApiAnswer } from '../answer.ts'
import { apiKinds } from '../api-kind.ts'
import { reviewKinds } from '../reviews/review-kinds.ts'
import type { Knock } from './guard.ts'

/** Counts what clients ask and how it is answered, under the names that Kubernetes has for it. */
export type RequestMeter = {
  /** To be called with the answer when there is one; null: the client went away. */
  readonly begin: (knock: Knock) => (answer: ApiAnswer | null) => void
  /** So many answers go on: watches and their like. */
  readonly streams: (count: number) => void
  readonly families: () => ReadonlyArray<MetricFamily>
}

export const requestMeter = (now: () => number): RequestMeter => {
  const totals = new Map<string, { readonly labels: Labels; value: number }>()
  const durations = new Map<string, { readonly counts: number[]; sumMs: number }>()
  let streams = 0
  return {
    begin: (knock) => {
      const about = labelsOf(knock)
      const began = now()
      return (answer) => {
        const labels = { ...about, code: `${answer?.status ?? 499}` }
        const key = Object.values(labels).join(' ')
        const total = totals.get(key) ?? { labels, value: 0 }
        total.value += 1
        totals.set(key, total)
        if (answer?.stream !== undefined) return
        const taken = Math.max(0, now() - began)
        const duration = durations.get(about.verb) ?? { counts: [...bounds.map(() => 0), 0], sumMs: 0 }
        const place = bounds.findIndex((bound) => taken <= bound * 1000)
        duration.counts[place < 0 ? bounds.length : place]! += 1
        duration.sumMs += taken
        durations.set(about.verb, duration)
      }
    },
    streams: (count) => {
      streams = count
    },
    families: () => [
      {
        name: 'apiserver_longrunning_requests',
        help: '[STABLE] Watches and other answers that go on',
        type: 'gauge',
        samples: [{ labels: {}, value: streams }],
      },
      {
        name: 'apiserver_request_duration_seconds',
        help: '[STABLE] From the head of a request to its answer, but for those that go on',
        type: 'histogram',
        samples: [...durations].map(([verb, { counts, sumMs }]) => ({
          labels: { verb },
          buckets: [...bounds, Number.POSITIVE_INFINITY].map((atMost, place) => ({
            atMost,
            count: sum(counts.slice(0, place + 1)),
          })),
          sumSeconds: sumMs / 1000,
          count: sum(counts),
        })),
      },
      {
        name: 'apiserver_request_total',
        help: '[STABLE] Requests answered, by what was asked of which resource, and the code of the answer; 499: the client went away',
        type: 'counter',
        samples: [...totals.values()],
      },
      {
        name: 'process_resident_memory_bytes',
        help: 'Memory that this process has of the machine',
        type: 'gauge',
        samples: [{ labels: {}, value: process.memoryUsage.rss() }],
      },
    ],
  }
}

/** Seconds. */
const bounds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60]

const sum = (counts: ReadonlyArray<number>): number => counts.reduce((all, count) => all + count, 0)

/** Only words that are known: who asks for others must not fill the memory. */
const labelsOf = ({ attempt }: Knock) => {
  const verb = verbs.get(attempt.verb) ?? 'other'
  if (attempt._tag === 'OnPath') return { verb, group: '', resource: '', subresource: '' }
  const { group, resource, subresource } = attempt
  return knownResources.has(`${resource}.${group}`)
    ? { verb, group, resource, subresource: knownParts.has(subresource) ? subresource : '' }
    : { verb, group: '', resource: '', subresource: '' }
}

const verbs: ReadonlyMap<string, string> = new Map([
  ...['get', 'list', 'watch', 'patch', 'delete', 'deletecollection'].map((verb): [string, string] => [
    verb,
    verb.toUpperCase(),
  ]),
  ['create', 'POST'],
  ['post', 'POST'],
  ['update', 'PUT'],
  ['put', 'PUT'],
])

const knownResources: ReadonlySet<string> = new Set(
  [...Object.values(apiKinds), ...reviewKinds].map(({ plural, group }) => `${plural}.${group}`),
)

const knownParts: ReadonlySet<string> = new Set(['binding', 'eviction', 'finalize', 'log', 'scale', 'status', 'token'])
