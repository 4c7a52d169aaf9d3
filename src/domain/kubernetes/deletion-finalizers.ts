/** What keeps an object that is being deleted until its dependents are gone, or left behind. */
export const deletionFinalizers = { Foreground: 'foregroundDeletion', Orphan: 'orphan' } as const

/** Finalizers as a deletion leaves them that says what becomes of the dependents: the later word counts. */
export const finalizersAfter = (
  finalizers: ReadonlyArray<string>,
  propagation: 'Background' | 'Foreground' | 'Orphan',
): ReadonlyArray<string> => {
  const ours: ReadonlyArray<string> = propagation === 'Background' ? [] : [deletionFinalizers[propagation]]
  const kept = finalizers.filter((name) => ours.includes(name) || !all.includes(name))
  return [...kept, ...ours.filter((name) => !kept.includes(name))]
}

const all: ReadonlyArray<string> = Object.values(deletionFinalizers)
