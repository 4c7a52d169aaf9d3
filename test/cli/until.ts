import { setTimeout as sleep } from 'node:timers/promises'

const patienceMs = 20_000

/** Waits until it is so; fails with what was waited for when that takes too long. */
export const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
  for (const since = Date.now(); !(await isSo()); await sleep(50))
    if (Date.now() - since > patienceMs) throw new Error(`waited in vain until ${what}`)
}
