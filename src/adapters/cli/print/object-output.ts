import { E } from '../../../prelude.ts'
import { jsonText } from './json-text.ts'
import { yamlText } from './yaml-text.ts'

export const outputFormats = ['json', 'name', 'wide', 'yaml'] as const
export type OutputFormat = (typeof outputFormats)[number]

/** What is needed of an object to print it; everything else in it is carried along. */
export type PrintableObject = {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}

export type ObjectOutputOptions = { readonly showManagedFields?: boolean }

/** One object as `-o json`, `-o yaml` or `-o name` prints it. */
export const objectOutput = (
  format: Exclude<OutputFormat, 'wide'>,
  object: PrintableObject,
  options: ObjectOutputOptions = {},
): string => (format === 'name' ? `${objectName(object)}\n` : valueOutput(format, shown(object, options)))

/** Several objects: a `List` in json and yaml, one line each as names. */
export const objectListOutput = (
  format: Exclude<OutputFormat, 'wide'>,
  objects: ReadonlyArray<PrintableObject>,
  options: ObjectOutputOptions = {},
): string => {
  if (format === 'name') return objects.map((object) => `${objectName(object)}\n`).join('')
  const items = objects.map((object) => shown(object, options))
  return valueOutput(format, { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } })
}

/** Any JSON value in one of the two formats. */
export const valueOutput = (format: 'json' | 'yaml', value: unknown): string =>
  format === 'yaml' ? yamlText(value) : jsonText(value)

/** The format a user asked for with `-o`, or the sentence kubectl refuses with. */
export const parseOutputFormat = (text: string): E.Either<string, OutputFormat> => {
  const format = outputFormats.find((it) => it === text)
  return format === undefined
    ? E.left(
        `unable to match a printer suitable for the output format "${text}", allowed formats are: ${outputFormats.join(',')}`,
      )
    : E.right(format)
}

/** `job.batch/pi`, `pod/pi-0-x7k2p`: kind with API group, and name. */
export const objectName = ({ apiVersion, kind, metadata }: PrintableObject): string => {
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : []
  return `${kind.toLowerCase()}${group === undefined ? '' : `.${group}`}/${metadata.name}`
}

const shown = (object: PrintableObject, { showManagedFields = false }: ObjectOutputOptions): PrintableObject => {
  if (showManagedFields || !('managedFields' in object.metadata)) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}
