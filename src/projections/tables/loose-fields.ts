/** A field of a Kubernetes object that our types do not name, reached by its path; undefined where the path ends early. */
export const field = (value: unknown, ...path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value)

/** The field as text (numbers and booleans as written), empty when absent. */
export const textField = (value: unknown, ...path: ReadonlyArray<string>): string => {
  const found = field(value, ...path)
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? `${found}` : ''
}

/** The items of the field, none when it is no list. */
export const listField = (value: unknown, ...path: ReadonlyArray<string>): ReadonlyArray<unknown> => {
  const found = field(value, ...path)
  return Array.isArray(found) ? found : []
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
