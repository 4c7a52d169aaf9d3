/**
 * A set of fields as `managedFields` write it (FieldsV1): below each key what follows it. A key is `f:` and the name of a field, `k:` and
 * the keys of an element of a list, or `v:` and an element itself. An empty object is a member of the set; one with something
 * below it is a member when it has `.` too.
 */
export type Fields = { readonly [key: string]: Fields }

/** A set of fields of an object; null: none. The object itself is never a member. */
export type FieldSet = Fields | null

/** One field, and nothing below it. */
export const member: Fields = {}

/** What is known of a field: whether it is a member, and what follows it. Null when that is nothing at all. */
export const fieldsOf = (isMember: boolean, below: ReadonlyArray<readonly [key: string, fields: Fields]>): FieldSet => {
  if (below.length === 0) return isMember ? member : null
  const set: Record<string, Fields> = isMember ? { [self]: member } : {}
  for (const [key, fields] of below) set[key] = fields
  return set
}

export const union = (a: FieldSet, b: FieldSet): FieldSet =>
  a === null ? b : b === null ? a : combined(a, b, (inA, inB) => inA || inB, false)

export const difference = (a: FieldSet, b: FieldSet): FieldSet =>
  a === null || b === null ? a : combined(a, b, (inA, inB) => inA && !inB, false)

export const intersection = (a: FieldSet, b: FieldSet): FieldSet =>
  a === null || b === null ? null : combined(a, b, (inA, inB) => inA && inB, false)

/** The set without this field and everything below it. */
export const without = (set: FieldSet, [key, ...rest]: ReadonlyArray<string>): FieldSet => {
  if (set === null || key === undefined) return null
  const inner = Object.hasOwn(set, key) ? set[key] : undefined
  if (inner === undefined) return set
  const left = rest.length === 0 ? null : without(inner, rest)
  const others = Object.entries(set).filter(([other]) => other !== key && other !== self)
  return fieldsOf(Object.hasOwn(set, self), left === null ? others : [...others, [key, left]])
}

/** The set with every field of a structure that leads to a member. */
export const withNamedFields = (set: FieldSet): FieldSet => {
  if (set === null) return null
  const below = belowOf(set).map(([key, fields]): readonly [string, Fields] => {
    const inner = withNamedFields(fields) ?? member
    return [key, key.startsWith('f:') && !isMember(inner) ? { [self]: member, ...inner } : inner]
  })
  return fieldsOf(isMember(set), below)
}

/** The same set in the order in which Kubernetes writes it. */
export const inOrder = (set: Fields): Fields => {
  if (isInOrder(set)) return set
  const ordered: Record<string, Fields> = {}
  for (const key of Object.keys(set).sort()) ordered[key] = inOrder(set[key] ?? member)
  return ordered
}

const isInOrder = (set: Fields): boolean => {
  let last = ''
  for (const key in set) {
    if (key < last || !isInOrder(set[key] ?? member)) return false
    last = key
  }
  return true
}

/** Every member as Kubernetes prints its path: `.spec.template.spec.containers[name="main"].image`. */
export const pathsOf = (set: FieldSet): ReadonlyArray<string> => (set === null ? [] : pathsBelow(set, ''))

/** Whether a value that came from outside is a set of fields. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every(([key, fields]) => isKey(key) && isFields(fields))

/** Whether what is known of a field says that it is a member. */
export const isMember = (fields: Fields): boolean => Object.hasOwn(fields, self) || Object.keys(fields).length === 0

/** What follows a field. */
export const belowOf = (fields: Fields): ReadonlyArray<readonly [key: string, fields: Fields]> =>
  Object.entries(fields).filter(([key]) => key !== self)

const self = '.'

type Choice = (inA: boolean, inB: boolean) => boolean

const combined = (a: Fields | undefined, b: Fields | undefined, choose: Choice, isInner: boolean): FieldSet => {
  const keys = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])
  keys.delete(self)
  const below = [...keys].flatMap((key): ReadonlyArray<readonly [string, Fields]> => {
    const inner = combined(at(a, key), at(b, key), choose, true)
    return inner === null ? [] : [[key, inner]]
  })
  return fieldsOf(isInner && choose(has(a), has(b)), below)
}

const at = (fields: Fields | undefined, key: string): Fields | undefined =>
  fields !== undefined && Object.hasOwn(fields, key) ? fields[key] : undefined

const has = (fields: Fields | undefined): boolean => fields !== undefined && isMember(fields)

const isKey = (key: string): boolean =>
  key === self || key.startsWith('f:') || (/^[kv]:/.test(key) && isJson(key.slice(2)))

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const pathsBelow = (fields: Fields, path: string): ReadonlyArray<string> =>
  belowOf(fields).flatMap(([key, inner]) => {
    const here = `${path}${segment(key)}`
    return [...(isMember(inner) ? [here] : []), ...pathsBelow(inner, here)]
  })

const segment = (key: string): string => {
  const text = key.slice(2)
  if (key.startsWith('f:')) return `.${text}`
  if (key.startsWith('v:')) return `[=${text}]`
  const keys: unknown = JSON.parse(text)
  const shown = Object.entries(keys ?? {}).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return `[${shown.join(',')}]`
}
