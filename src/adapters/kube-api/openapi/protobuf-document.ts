import type { OpenApiPatch, OpenApiPaths } from './paths.ts'
import type { OpenApiSchema, OpenApiSchemas } from './schemas.ts'

export type Document2 = {
  readonly swagger: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: OpenApiPaths
  readonly definitions: OpenApiSchemas
}

/** A document of OpenAPI 2 as a message of protobuf, the only form in which older clients read it. */
export const protobufDocument = ({ swagger, info, paths, definitions }: Document2): Uint8Array =>
  joined([
    text(1, swagger),
    message(2, [text(1, info.title), text(2, info.version)]),
    message(
      8,
      Object.entries(paths).map(([path, { patch }]) => named(2, path, [message(8, operation(patch))])),
    ),
    message(
      9,
      Object.entries(definitions).map(([name, one]) => named(1, name, schema(one))),
    ),
  ])

type Parts = ReadonlyArray<Uint8Array>

const operation = (patch: OpenApiPatch): Parts => [
  text(5, patch.operationId),
  ...patch.parameters.map((parameter) =>
    message(8, [
      message(1, [message(2, [message(3, [text(2, 'query'), text(4, parameter.name), text(6, 'string')])])]),
    ]),
  ),
  extension(13, 'x-kubernetes-action', patch['x-kubernetes-action']),
  extension(13, 'x-kubernetes-group-version-kind', patch['x-kubernetes-group-version-kind']),
]

const schema = (one: OpenApiSchema): Parts => [
  ...(one.$ref === undefined ? [] : [text(1, one.$ref)]),
  ...(one.format === undefined ? [] : [text(2, one.format)]),
  ...(one.description === undefined ? [] : [text(4, one.description)]),
  ...(one.required ?? []).map((field) => text(19, field)),
  ...(one.additionalProperties === undefined ? [] : [message(21, [message(1, schema(one.additionalProperties))])]),
  ...(one.type === undefined ? [] : [message(22, [text(1, one.type)])]),
  ...(one.items === undefined ? [] : [message(23, [message(1, schema(one.items))])]),
  ...(one.properties === undefined
    ? []
    : [
        message(
          25,
          Object.entries(one.properties).map(([name, property]) => named(1, name, schema(property))),
        ),
      ]),
  ...Object.entries(one).flatMap(([name, value]) => (name.startsWith('x-') ? [extension(31, name, value)] : [])),
]

/** An element of what is a map in JSON. */
const named = (number: number, name: string, value: Parts): Uint8Array =>
  message(number, [text(1, name), message(2, value)])

/** The value of an extension is a text in YAML, as which JSON will do. */
const extension = (number: number, name: string, value: unknown): Uint8Array =>
  named(number, name, [text(2, JSON.stringify(value))])

const message = (number: number, parts: Parts): Uint8Array => run(number, joined(parts))

const text = (number: number, value: string): Uint8Array => run(number, new TextEncoder().encode(value))

const run = (number: number, bytes: Uint8Array): Uint8Array =>
  joined([Uint8Array.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes])

const varint = (value: number): ReadonlyArray<number> =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]

const joined = (parts: Parts): Uint8Array => Buffer.concat(parts)
