import type { Ledger } from './ledger.ts'

/** Resolves when the ledger shows everything up to this position of the log. */
export const whenApplied = (ledger: Ledger, position: bigint): Promise<void> =>
  ledger.position() >= position
    ? Promise.resolve()
    : new Promise((resolve) => {
        const subscription = ledger.news$.subscribe(() => {
          if (ledger.position() < position) return
          subscription.unsubscribe()
          resolve()
        })
      })
