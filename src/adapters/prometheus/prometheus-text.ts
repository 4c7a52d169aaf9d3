import type { HistogramSample, Labels, MetricFamily } from '../../projections/metrics/meter-book.ts'

/** What `prometheusText` is, for the header of an answer. */
export const prometheusContentType = 'text/plain; version=0.0.4; charset=utf-8'

/** Metrics in the text format that Prometheus reads. */
export const prometheusText = (families: ReadonlyArray<MetricFamily>): string => families.map(familyText).join('')

const familyText = (family: MetricFamily): string => {
  const { name, help, type } = family
  const lines =
    family.type === 'histogram'
      ? family.samples.flatMap((sample) => histogramLines(name, sample))
      : family.samples.map(({ labels, value }) => line(name, labels, value))
  return [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`, ...lines].map((text) => `${text}\n`).join('')
}

const histogramLines = (
  name: string,
  { labels, buckets, sumSeconds, count }: HistogramSample,
): ReadonlyArray<string> => [
  ...buckets.map((bucket) => line(`${name}_bucket`, { ...labels, le: numberText(bucket.atMost) }, bucket.count)),
  line(`${name}_sum`, labels, sumSeconds),
  line(`${name}_count`, labels, count),
]

const line = (name: string, labels: Labels, value: number): string => {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text).replaceAll('"', '\\"')}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numberText(value)}`
}

const numberText = (value: number): string => (value === Number.POSITIVE_INFINITY ? '+Inf' : `${value}`)

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
