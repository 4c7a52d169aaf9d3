import { definitionName, schema } from '../../../../domain/kubernetes/schema.ts'
import { E } from '../../../../prelude.ts'
import { groupVersion } from '../../api-kind.ts'
import { cannotBeHandled, type ExpectedKind, unrecognized } from '../decode-object.ts'
import { decodeMessage } from './decode-message.ts'
import { runOf, scalarOf } from './scalars.ts'
import { fieldsOf, WireProblem } from './wire.ts'

/**
 * The JSON of an object that came in Kubernetes' protobuf: four bytes, then its version and kind around it. Left: the message of the
 * BadRequest. Of a kind that is not known only version and kind are told.
 */
export const protobufToJson = (expected: ExpectedKind, bytes: Uint8Array): E.Either<string, string> => {
  const read = attempt(() => envelopeOf(bytes))
  if (E.isLeft(read)) return E.left(unrecognized(expected, read.left, bytes))
  const { apiVersion, kind, raw } = read.right
  const [group, version] = splitVersion(apiVersion || groupVersion(expected))
  const found = kind || expected.kind
  const definition = definitionName({ group, kind: found })
  if (!Object.hasOwn(schema, definition)) return E.right(JSON.stringify({ apiVersion, kind }))
  const object = attempt(() => decodeMessage(definition, raw))
  return E.isLeft(object)
    ? E.left(`${cannotBeHandled(found, version, expected.kind)}: ${object.left}`)
    : E.right(JSON.stringify({ apiVersion, kind, ...object.right }))
}

/** `k8s`, and a zero. */
const magic = [0x6b, 0x38, 0x73, 0x00]

type Envelope = { readonly apiVersion: string; readonly kind: string; readonly raw: Uint8Array }

const envelopeOf = (bytes: Uint8Array): Envelope => {
  if (bytes.length === 0) throw new WireProblem('empty data')
  if (magic.some((byte, at) => bytes[at] !== byte))
    throw new WireProblem(
      `provided data does not appear to be a protobuf message, expected prefix [${magic.join(' ')}]`,
    )
  if (bytes.length === magic.length) throw new WireProblem('empty body')
  let [apiVersion, kind] = ['', '']
  let raw: Uint8Array = new Uint8Array()
  for (const wire of fieldsOf(bytes.subarray(magic.length))) {
    if (wire.number === 1)
      for (const inner of fieldsOf(runOf(wire, 'typeMeta'))) {
        if (inner.number === 1) apiVersion = String(scalarOf('string', inner, 'apiVersion'))
        if (inner.number === 2) kind = String(scalarOf('string', inner, 'kind'))
      }
    if (wire.number === 2) raw = runOf(wire, 'raw')
  }
  return { apiVersion, kind, raw }
}

/** The border: below it bytes that are no message throw, above it nothing does. */
const attempt = <A>(read: () => A): E.Either<string, A> => {
  try {
    return E.right(read())
  } catch (problem) {
    if (problem instanceof WireProblem) return E.left(problem.message)
    throw problem
  }
}

const splitVersion = (apiVersion: string): readonly [group: string, version: string] => {
  const at = apiVersion.indexOf('/')
  return at === -1 ? ['', apiVersion] : [apiVersion.slice(0, at), apiVersion.slice(at + 1)]
}
