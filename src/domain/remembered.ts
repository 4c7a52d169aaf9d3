/**
 * The function with a memory: for an object that it was asked about before, it gives the same answer without looking again, as
 * long as somebody holds the object. For objects that nobody writes to.
 */
export const remembered = <A extends object, B extends object>(of: (object: A) => B): ((object: A) => B) => {
  const known = new WeakMap<A, B>()
  return (object) => {
    const before = known.get(object)
    if (before !== undefined) return before
    const answer = of(object)
    known.set(object, answer)
    return answer
  }
}
