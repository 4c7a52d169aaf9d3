import type { ObjectMeta } from '../../../domain/kubernetes/job-object.ts'
import { byCodePoint } from '../../../projections/tables/selector-text.ts'

/** Lines of a description before alignment: cells end at tabs, two spaces of indent for each level. */
export type Lines = ReadonlyArray<string>

type StringMap = Readonly<Record<string, string>>

/** One level deeper is two spaces more. */
export const indented = (level: number, lines: Lines): Lines => lines.map((line) => '  '.repeat(level) + line)

/** A heading with one `key=value` per line, sorted by key. */
export const mapLines = (heading: string, map: StringMap = {}): Lines =>
  underHeading(
    heading,
    sortedEntries(map).map(([key, value]) => `${key}=${value}`),
  )

/** A heading with items below each other, `<none>` without any. */
export const underHeading = (heading: string, items: Lines): Lines =>
  items.length === 0
    ? [`${heading}:\t<none>`]
    : items.map((item, at) => (at === 0 ? `${heading}:\t${item}` : `\t${item}`))

/** Annotations sorted by key; a value too long or of several lines stands below its key, each line cut. */
export const annotationLines = (heading: string, annotations: StringMap = {}): Lines =>
  underHeading(
    heading,
    sortedEntries(annotations)
      .filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration')
      .flatMap(([key, value]) => annotation(key, value.replace(/\n$/, ''))),
  )

/** `Controlled By:` for an object with a controlling owner, nothing otherwise. */
export const controllerLines = ({ ownerReferences = [] }: ObjectMeta): Lines =>
  ownerReferences.filter(({ controller }) => controller).map(({ kind, name }) => `Controlled By:\t${kind}/${name}`)

/** The entries of a map as Go prints them, sorted by key. */
export const sortedEntries = <Value>(map: Readonly<Record<string, Value>>): ReadonlyArray<readonly [string, Value]> =>
  Object.entries(map).toSorted(([a], [b]) => byCodePoint(a, b))

const annotationLengthMax = 140

const annotation = (key: string, value: string): Lines => {
  const isShort = key.length + value.length + 2 <= annotationLengthMax
  if (isShort && !value.includes('\n')) return [`${key}: ${value}`]
  return [`${key}:`, ...value.split('\n').map((line) => `  ${shortened(line, annotationLengthMax - 2)}`)]
}

const shortened = (text: string, lengthMax: number): string =>
  text.length > lengthMax ? `${text.slice(0, lengthMax)}...` : text
