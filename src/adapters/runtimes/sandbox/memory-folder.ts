import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Makes a folder in memory for the volumes of one run, and removes those that earlier runs on this data folder left. Null
 * where memory cannot be written to as files.
 */
export const makeMemoryFolder = async (dataFolder: string): Promise<string | null> => {
  const prefix = `jobledger-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)}-`
  try {
    if ((await statfs(place)).type !== tmpfs) return null
    const leftovers = (await readdir(place)).filter((name) => name.startsWith(prefix))
    for (const name of leftovers) await rm(join(place, name), { recursive: true, force: true }).catch(() => {})
    return await mkdtemp(join(place, prefix))
  } catch {
    return null
  }
}

const place = '/dev/shm'
const tmpfs = 0x01021994
