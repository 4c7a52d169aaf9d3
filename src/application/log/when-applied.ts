import type { Ledger } from './ledger.ts'

/** Resolves when the ledger shows everything up to this position of the log. */
export const whenApplied = (ledger: Ledger, position: bigint): Promise<void> =>
  ledger.position() >= position
    ? Promise.resolve()
    : new Promise((resolve) => {
        const others = waiting.get(ledger)
        if (others === undefined) watch(ledger, [{ position, resolve }])
        else others.push({ position, resolve })
      })

type Waiting = { readonly position: bigint; readonly resolve: () => void }

/** Those who wait for a ledger hear of its news together: under load there is one for each request. */
const waiting = new WeakMap<Ledger, Waiting[]>()

const watch = (ledger: Ledger, those: Waiting[]): void => {
  waiting.set(ledger, those)
  const subscription = ledger.news$.subscribe(() => {
    const shown = ledger.position()
    for (const one of those.splice(0)) {
      if (one.position > shown) those.push(one)
      else one.resolve()
    }
    if (those.length > 0) return
    waiting.delete(ledger)
    subscription.unsubscribe()
  })
}
