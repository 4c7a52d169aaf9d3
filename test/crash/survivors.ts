import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * The same after ten seconds at most: processes of an earlier run that were killed with it, before they ran anything of a user's,
 * may take a moment on a busy machine.
 */
export const lastingSurvivors = async (texts: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  for (let tries = 0; tries < 100 && survivors(texts).length > 0; tries += 1) await sleep(100)
  return survivors(texts)
}

/** What is left of jobledger processes and Pods whose command line or environment names one of these texts. Linux only. */
const survivors = (texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const told = `${read(`/proc/${pid}/cmdline`)}\0${read(`/proc/${pid}/environ`)}`
      return texts.some((text) => told.includes(text)) ? [`${pid} ${told.split('\0')[0]}`] : []
    })

/** A process that ends meanwhile, or is another user's, has nothing to tell. */
const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
