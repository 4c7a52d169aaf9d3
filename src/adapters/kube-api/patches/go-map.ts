/** A value of JSON as Go prints it: `map[image:x name:new]`, members in the order of their names. */
export const goMap = (value: unknown): string => {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goMap).join(' ')}]`
  if (typeof value === 'string') return value
  if (typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `map[${members.map(([name, inner]) => `${name}:${goMap(inner)}`).join(' ')}]`
}
