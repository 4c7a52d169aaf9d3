import { byteLength } from '../../../domain/kubernetes/validation/names.ts'
import { E } from '../../../prelude.ts'

/** One step of a JSON patch (RFC 6902). What it lacks or says wrong shows when it is applied. */
export type Operation = {
  readonly op?: unknown
  readonly path?: unknown
  readonly from?: unknown
  readonly value?: unknown
}

/**
 * The document after all operations, which is left as it was. Left: which operation does not fit, because a test fails, a place is
 * not there, it is none, or too much is copied.
 */
export const jsonPatch = (document: unknown, operations: ReadonlyArray<Operation>): E.Either<string, unknown> => {
  let [patched, copiedBytes] = [document, 0]
  const own: Own = new Set()
  const copied = (value: unknown): Applied => {
    const text = JSON.stringify(value)
    copiedBytes += byteLength(text)
    return copiedBytes > copiedBytesMax ? E.left('too much is copied') : E.right(JSON.parse(text))
  }
  for (const [number, operation] of operations.entries()) {
    const next = apply(patched, operation, own, copied)
    if (E.isLeft(next)) return E.left(`operation ${number}: ${next.left}`)
    patched = next.right
  }
  return E.right(patched)
}

/** As much as an API server lets all operations of a patch copy together: what is copied into itself again and again doubles each time. */
const copiedBytesMax = 3 << 20

type Applied = E.Either<string, unknown>

type Container = unknown[] | Record<string, unknown>

/** Objects and lists of the document that the patch has copied already, each at one place: further operations write to them. */
type Own = Set<unknown>

/** `copied` gives the copy of a value. Left: it is not to be copied. */
const apply = (document: unknown, operation: Operation, own: Own, copied: (value: unknown) => Applied): Applied => {
  const path = pointer(operation.path)
  if (path === null) return E.left('its path is no JSON pointer')
  switch (operation.op) {
    case 'add':
      return withValue(operation, (value) => add(document, path, value, own))
    case 'remove':
      return remove(document, path, own)
    case 'replace':
      return withValue(operation, (value) => replace(document, path, value, own))
    case 'test':
      return withValue(operation, (value) =>
        E.flatMap((present: unknown) => (isSame(present, value) ? E.right(document) : E.left('the test fails')))(
          look(document, path),
        ),
      )
    case 'copy':
      return from(document, operation, (value) =>
        E.flatMap((copy: unknown) => add(document, path, copy, own))(copied(value)),
      )
    case 'move': {
      const source = pointer(operation.from)
      if (source !== null && source.length < path.length && source.every((token, at) => token === path[at]))
        return E.left('a value cannot be moved into itself')
      return from(document, operation, (value, place) =>
        E.flatMap((rest: unknown) => add(rest, path, value, own))(remove(document, place, own)),
      )
    }
    default:
      return E.left('it is unknown')
  }
}

const withValue = (operation: Operation, act: (value: unknown) => Applied): Applied =>
  Object.hasOwn(operation, 'value') ? act(operation.value) : E.left('it has no value')

const from = (
  document: unknown,
  operation: Operation,
  act: (value: unknown, place: ReadonlyArray<string>) => Applied,
): Applied => {
  const place = pointer(operation.from)
  if (place === null) return E.left('its from is no JSON pointer')
  return E.flatMap((value: unknown) => act(value, place))(look(document, place))
}

/** The tokens of a JSON pointer (RFC 6901); null when the text is none, or leads to what JavaScript takes for something else. */
const pointer = (text: unknown): ReadonlyArray<string> | null => {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/')) || /~(?![01])/.test(text)) return null
  const tokens = text
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
  return tokens.includes('__proto__') ? null : tokens
}

const nothingThere = E.left('there is nothing at its place')

/** What is at a place: for API servers a member that an object does not have is null. */
const look = (document: unknown, path: ReadonlyArray<string>): Applied => {
  let value = document
  for (const [depth, token] of path.entries()) {
    const key = placeIn(value, token)
    if (key === null) return depth === path.length - 1 && isRecord(value) ? E.right(null) : nothingThere
    value = itemAt(value as Container, key)
  }
  return E.right(value)
}

/** The key of an existing member or item; null when there is none. */
const placeIn = (container: unknown, token: string): string | number | null => {
  if (Array.isArray(container)) {
    const index = indexOf(token)
    return index !== null && index < container.length ? index : null
  }
  return isRecord(container) && Object.hasOwn(container, token) ? token : null
}

const indexOf = (token: string): number | null => (/^(0|[1-9][0-9]{0,8})$/.test(token) ? Number(token) : null)

/** Changes the container in which the last token of the path is, if `change` finds a place there. It and all on the way to it become the patch's own. */
const inParent = (
  document: unknown,
  path: ReadonlyArray<string>,
  own: Own,
  change: (container: Container, token: string) => boolean,
): Applied => {
  const [token, ...rest] = path
  if (token === undefined || !isContainer(document)) return nothingThere
  const container = owned(document, own)
  if (rest.length === 0) return change(container, token) ? E.right(container) : nothingThere
  const key = placeIn(container, token)
  if (key === null) return nothingThere
  return E.map((changed: unknown) => {
    put(container, key, changed)
    return container
  })(inParent(itemAt(container, key), rest, own, change))
}

const owned = (container: Container, own: Own): Container => {
  if (own.has(container)) return container
  const copy = Array.isArray(container) ? [...container] : { ...container }
  own.add(copy)
  return copy
}

const itemAt = (container: Container, key: string | number): unknown =>
  (container as Readonly<Record<string | number, unknown>>)[key]

const put = (container: Container, key: string | number, value: unknown): void => {
  ;(container as Record<string | number, unknown>)[key] = value
}

const add = (document: unknown, path: ReadonlyArray<string>, value: unknown, own: Own): Applied =>
  path.length === 0
    ? E.right(value)
    : inParent(document, path, own, (container, token) => {
        if (!Array.isArray(container)) {
          container[token] = value
          return true
        }
        const index = token === '-' ? container.length : indexOf(token)
        if (index === null || index > container.length) return false
        container.splice(index, 0, value)
        return true
      })

const remove = (document: unknown, path: ReadonlyArray<string>, own: Own): Applied =>
  path.length === 0
    ? E.right(null)
    : inParent(document, path, own, (container, token) => {
        const key = placeIn(container, token)
        if (key === null) return false
        if (Array.isArray(container)) container.splice(Number(key), 1)
        else delete container[key]
        return true
      })

/** For API servers a member that an object does not have can be replaced, too. */
const replace = (document: unknown, path: ReadonlyArray<string>, value: unknown, own: Own): Applied =>
  path.length === 0
    ? E.right(value)
    : inParent(document, path, own, (container, token) => {
        const key = Array.isArray(container) ? placeIn(container, token) : token
        if (key === null) return false
        put(container, key, value)
        return true
      })

/** Equal as JSON: the order of members says nothing. */
const isSame = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  if (!isRecord(a) || !isRecord(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  )
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isContainer = (value: unknown): value is Container => Array.isArray(value) || isRecord(value)
