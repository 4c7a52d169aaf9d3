import type { Ledger } from '../log/ledger.ts'

/**
 * Changes of one object are made one after another, each on what the one before has left: who decided on an older version is refused,
 * and nothing is lost of what others have changed. One line for each object of a resource, whoever asks; the answer is the same work,
 * which waits for its turn when it is begun.
 */
export const oneAtATime = (ledger: Ledger, resource: string) => {
  const lines = linesOf.get(ledger) ?? new Map<string, Promise<unknown>>()
  linesOf.set(ledger, lines)
  return <A>(namespace: string, name: string, work: () => Promise<A>): (() => Promise<A>) => {
    const key = `${resource} ${namespace} ${name}`
    return () => {
      const before = lines.get(key)
      const done = (before === undefined ? work() : before.then(work, work)).finally(() => {
        if (lines.get(key) === done) lines.delete(key)
      })
      lines.set(key, done)
      return done
    }
  }
}

/** The last of each line. */
const linesOf = new WeakMap<Ledger, Map<string, Promise<unknown>>>()
