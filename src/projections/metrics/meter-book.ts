import { catalogue, type CounterName, type HistogramName, type LabelsOf } from './catalogue.ts'

/** Values of the labels of a metric, by name. */
export type Labels = Readonly<Record<string, string>>

/** `buckets` are cumulative: so many observations were at most `atMost` (seconds); the last one is `Infinity`. */
export type HistogramSample = {
  readonly labels: Labels
  readonly buckets: ReadonlyArray<{ readonly atMost: number; readonly count: number }>
  readonly sumSeconds: number
  readonly count: number
}

type About = { readonly name: string; readonly help: string }

/** One metric with all of its samples. */
export type MetricFamily =
  | (About & {
      readonly type: 'counter' | 'gauge'
      readonly samples: ReadonlyArray<{ readonly labels: Labels; readonly value: number }>
    })
  | (About & { readonly type: 'histogram'; readonly samples: ReadonlyArray<HistogramSample> })

/** Where metrics are noted. */
export type MeterBook = {
  readonly count: <N extends CounterName>(name: N, labels: LabelsOf<N>, by?: number) => void
  readonly observe: <N extends HistogramName>(name: N, labels: LabelsOf<N>, ms: number) => void
  readonly families: () => ReadonlyArray<MetricFamily>
}

type Counter = { readonly labels: Labels; value: number }
type Histogram = { readonly labels: Labels; readonly counts: number[]; sumMs: number }

export const meterBook = (): MeterBook => {
  const counters = new Map<CounterName, Map<string, Counter>>()
  const histograms = new Map<HistogramName, Map<string, Histogram>>()

  const counterOf = (name: CounterName, labels: Labels): Counter =>
    slotOf(counters, name, inOrderOf(catalogue.counters[name].labels, labels), (own) => ({ labels: own, value: 0 }))

  const histogramOf = (name: HistogramName, labels: Labels): Histogram => {
    const { bounds, labels: names } = catalogue.histograms[name]
    return slotOf(histograms, name, inOrderOf(names, labels), (own) => ({
      labels: own,
      counts: Array.from({ length: bounds.length + 1 }, () => 0),
      sumMs: 0,
    }))
  }

  for (const name of Object.keys(catalogue.histograms) as ReadonlyArray<HistogramName>)
    if (catalogue.histograms[name].labels.length === 0) histogramOf(name, {})

  return {
    count: (name, labels, by = 1) => {
      if (by > 0) counterOf(name, labels).value += by
    },
    observe: (name, labels, ms) => {
      const histogram = histogramOf(name, labels)
      const { bounds } = catalogue.histograms[name]
      const place = bounds.findIndex((bound) => ms <= bound * 1000)
      histogram.counts[place < 0 ? bounds.length : place]! += 1
      histogram.sumMs += ms
    },
    families: () =>
      [
        ...[...counters].map(
          ([name, slots]): MetricFamily => ({
            name,
            help: catalogue.counters[name].help,
            type: 'counter',
            samples: inOrder(slots).map(({ labels, value }) => ({ labels, value })),
          }),
        ),
        ...[...histograms].map(
          ([name, slots]): MetricFamily => ({
            name,
            help: catalogue.histograms[name].help,
            type: 'histogram',
            samples: inOrder(slots).map((slot) => sampleOf(slot, catalogue.histograms[name].bounds)),
          }),
        ),
      ].sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

const slotOf = <N, S>(all: Map<N, Map<string, S>>, name: N, labels: Labels, fresh: (labels: Labels) => S): S => {
  const slots = all.get(name) ?? new Map<string, S>()
  all.set(name, slots)
  const key = Object.values(labels).join('\n')
  const slot = slots.get(key) ?? fresh(labels)
  slots.set(key, slot)
  return slot
}

const inOrderOf = (names: ReadonlyArray<string>, labels: Labels): Labels =>
  Object.fromEntries(names.map((name) => [name, labels[name] ?? '']))

const inOrder = <S>(slots: ReadonlyMap<string, S>): ReadonlyArray<S> =>
  [...slots].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, slot]) => slot)

const sampleOf = ({ labels, counts, sumMs }: Histogram, bounds: ReadonlyArray<number>): HistogramSample => {
  let count = 0
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((atMost, place) => {
    count += counts[place] ?? 0
    return { atMost, count }
  })
  return { labels, buckets, sumSeconds: sumMs / 1000, count }
}
