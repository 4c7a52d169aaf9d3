import type { Owner } from './owners.ts'

/** Who names whom as an owner: found by the owner, without looking at anybody else. */
export const dependentsIndex = () => {
  const dependents = new Map<string, Set<string>>()
  const named = new Map<string, ReadonlyArray<string>>()
  return {
    /** Says whom an object names from now on; answers whom it has named until now. */
    note: (uid: string, owners: ReadonlyArray<Owner>): ReadonlyArray<string> => {
      const before = named.get(uid) ?? []
      for (const owner of before) {
        const theirs = dependents.get(owner)
        theirs?.delete(uid)
        if (theirs?.size === 0) dependents.delete(owner)
      }
      if (owners.length === 0) named.delete(uid)
      else
        named.set(
          uid,
          owners.map((owner) => owner.uid),
        )
      for (const owner of owners) dependents.set(owner.uid, (dependents.get(owner.uid) ?? new Set()).add(uid))
      return before
    },
    dependentsOf: (owner: string): ReadonlyArray<string> => [...(dependents.get(owner) ?? [])],
  }
}
