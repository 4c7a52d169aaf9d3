/** Whether two JSON values are equal, whatever the order of their fields. */
export const sameValue = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [mine, theirs] = [new Map(Object.entries(a)), new Map(Object.entries(b))]
  return (
    mine.size === theirs.size && [...mine].every(([key, value]) => theirs.has(key) && sameValue(value, theirs.get(key)))
  )
}
