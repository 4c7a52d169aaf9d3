import { E } from '../../../prelude.ts'
import { type ApiAnswer, statusAnswer } from '../answer.ts'
import { bodyText, type Call, mediaType } from '../call.ts'
import type { WriteOptions } from '../options/write-options.ts'
import { badRequest, unsupportedBody } from '../status.ts'
import { cannotBeHandled, decodeObject, type ExpectedKind, isObject, type JsonObject } from './decode-object.ts'

/** The object that a POST or PUT brings, with the warnings about what of it is not understood. */
export type BodyObject = { readonly value: JsonObject; readonly warnings: ReadonlyArray<string> }

/** Left: the answer to a body that cannot be read, or not as strictly as is asked. */
export const bodyObject = (
  call: Call,
  expected: ExpectedKind,
  { fieldValidation }: WriteOptions,
): E.Either<ApiAnswer, BodyObject> => {
  if (!['', 'application/json'].includes(mediaType(call))) return E.left(statusAnswer(unsupportedBody))
  const decoded = decodeObject(expected, bodyText(call))
  if (E.isLeft(decoded)) return E.left(statusAnswer(badRequest(decoded.left)))
  const { value, findings } = decoded.right
  if (fieldValidation === 'Strict' && findings.length > 0) {
    const { kind, version } = expected
    return E.left(statusAnswer(badRequest(`${cannotBeHandled(kind, version, kind)}: ${strictDecodingError(findings)}`)))
  }
  return E.right({ value, warnings: fieldValidation === 'Warn' ? findings : [] })
}

export const strictDecodingError = (findings: ReadonlyArray<string>): string =>
  `strict decoding error: ${findings.join(', ')}`

/** The metadata of an object as a client sent it, of which nothing is known yet but its shape. */
export const metadataOf = (object: JsonObject): JsonObject => {
  const { metadata } = object
  return isObject(metadata) ? metadata : {}
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
