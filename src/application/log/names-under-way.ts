import type { TE } from '../../prelude.ts'

/** Names whose creation is under way: the ledger learns of them only after the append. */
export const namesUnderWay = () => {
  const reserved = new Set<string>()
  const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`
  return {
    has: (namespace: string, name: string): boolean => reserved.has(keyOf(namespace, name)),
    /** The same work, with the name taken meanwhile. */
    during: <E, A>(
      { namespace, name }: { readonly namespace: string; readonly name: string },
      work: TE.TaskEither<E, A>,
    ): TE.TaskEither<E, A> => {
      const key = keyOf(namespace, name)
      return async () => {
        reserved.add(key)
        try {
          return await work()
        } finally {
          reserved.delete(key)
        }
      }
    },
  }
}
