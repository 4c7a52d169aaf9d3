import { readdirSync, readFileSync } from 'node:fs'

/** What is left of jobledger processes and Pods whose command line or environment names one of these texts. Linux only. */
export const survivors = (texts: ReadonlyArray<string>): ReadonlyArray<string> =>
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
