import { E } from '../../../prelude.ts'
import { type ApiAnswer, statusAnswer } from '../answer.ts'
import { bodyText, type Call, mediaType } from '../call.ts'
import type { WriteOptions } from '../options/write-options.ts'
import { badRequest, type Status, unsupportedBody } from '../status.ts'
import { protobufToJson } from './protobuf/protobuf-to-json.ts'
import { cannotBeHandled, decodeObject, type ExpectedKind, isObject, type JsonObject } from './decode-object.ts'

/** The object that a POST or PUT brings, with the warnings about what of it is not understood. */
export type BodyObject = { readonly value: JsonObject; readonly warnings: ReadonlyArray<string> }

/** Left: the answer to a body that cannot be read, or not as strictly as is asked. */
export const bodyObject = (
  call: Pick<Call, 'request' | 'readYaml'>,
  expected: ExpectedKind,
  { fieldValidation }: WriteOptions,
): E.Either<ApiAnswer, BodyObject> => {
  const text = jsonText(call, expected)
  if (E.isLeft(text)) return E.left(statusAnswer(text.left))
  const decoded = decodeObject(expected, text.right)
  if (E.isLeft(decoded)) return E.left(statusAnswer(badRequest(decoded.left)))
  const { value, findings } = decoded.right
  if (fieldValidation === 'Strict' && findings.length > 0) {
    const { kind, version } = expected
    return E.left(statusAnswer(badRequest(`${cannotBeHandled(kind, version, kind)}: ${strictDecodingError(findings)}`)))
  }
  return E.right({ value, warnings: fieldValidation === 'Warn' ? findings : [] })
}

/** The text of a body in JSON, made of one in YAML or protobuf if need be. Left: the refusal of any other. */
export const jsonText = (
  call: Pick<Call, 'request' | 'readYaml'>,
  expected: ExpectedKind,
): E.Either<Status, string> => {
  const type = mediaType(call)
  if (type === 'application/vnd.kubernetes.protobuf')
    return E.mapLeft(badRequest)(protobufToJson(expected, call.request.body))
  const text = bodyText(call)
  if (type === '' || type === 'application/json') return E.right(text)
  if (type !== 'application/yaml' || call.readYaml === null) return E.left(unsupportedBody)
  const read = call.readYaml(text)
  return E.isLeft(read)
    ? E.left(badRequest(`error converting YAML to JSON: yaml: ${read.left}`))
    : E.right(JSON.stringify(read.right))
}

export const strictDecodingError = (findings: ReadonlyArray<string>): string =>
  `strict decoding error: ${findings.join(', ')}`

/** The metadata of an object as a client sent it, of which nothing is known yet but its shape. */
export const metadataOf = (object: JsonObject): JsonObject => {
  const { metadata } = object
  return isObject(metadata) ? metadata : {}
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
