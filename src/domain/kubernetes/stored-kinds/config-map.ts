import { type FieldErrors, forbidden, invalid, invalidFor, tooLong, when } from '../field-error.ts'
import { sameValue } from '../../same-value.ts'
import { byteLength, configKey } from '../validation/names.ts'
import type { StoredKind } from './stored-kind.ts'

/** Texts for Pods to read. */
export const configMap: StoredKind = {
  resource: 'configmaps',
  apiVersion: 'v1',
  kind: 'ConfigMap',
  validate: (object) => {
    const [data, binaryData] = [textsAt(object['data']), textsAt(object['binaryData'])]
    return [
      ...Object.keys(data).flatMap((key) => [
        ...invalidFor(`data[${key}]`, key, configKey(key)),
        ...when(Object.hasOwn(binaryData, key), invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')),
      ]),
      ...Object.keys(binaryData).flatMap((key) => [
        ...invalidFor(`binaryData[${key}]`, key, configKey(key)),
        ...when(Object.hasOwn(data, key), invalid(`binaryData[${key}]`, key, 'duplicate of key present in data')),
      ]),
      ...when(
        bytesOf(data, byteLength) + bytesOf(binaryData, decodedLength) > valuesBytesMax,
        tooLong('', valuesBytesMax),
      ),
    ]
  },
  validateChange: (next, present) =>
    present['immutable'] === true ? immutableErrors(next, present, ['data', 'binaryData']) : [],
}

/** What was declared immutable stays so, with all that it holds. */
export const immutableErrors = (
  next: Readonly<Record<string, unknown>>,
  present: Readonly<Record<string, unknown>>,
  fields: ReadonlyArray<string>,
): FieldErrors => [
  ...when(next['immutable'] !== true, forbidden('immutable', 'field is immutable when `immutable` is set')),
  ...fields.flatMap((field) =>
    when(!sameValue(next[field], present[field]), forbidden(field, 'field is immutable when `immutable` is set')),
  ),
]

type Texts = Readonly<Record<string, string>>

/** A map of texts, whatever was left out. */
export const textsAt = (value: unknown): Texts => (value ?? {}) as Texts

/** The values of an object together. */
export const valuesBytesMax = 1 << 20

export const bytesOf = (texts: Texts, length: (text: string) => number): number =>
  Object.values(texts).reduce((sum, text) => sum + length(text), 0)

/** How many bytes a text in base64 stands for. */
export const decodedLength = (text: string): number => Math.floor((text.replace(/=+$/, '').length * 3) / 4)
