import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { primaryCode, Refused, sqlite, textOf } from './store-refusal.ts'

/** Makes the folder if need be (mode 0700) and checks that it can be written. Throws `Refused`. */
export const prepareFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    const names = readdirSync(folder)
    if (names.length === 0 || names.includes('ledger.db')) chmodSync(folder, 0o700)
  } catch (cause) {
    throw new Refused('NotWritable', `the data folder ${folder} cannot be written: ${textOf(cause)}`)
  }
}

/**
 * Takes the folder for this process, or throws `Refused` (`Held`). The lock is SQLite's on a file of its own, so it dies with the
 * process however that ends; `holder.json` only tells people who it is. Answers the release.
 */
export const lockFolder = (folder: string): (() => void) => {
  const path = join(folder, 'lock.db')
  makePrivateFile(path)
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    if (primaryCode(cause) === sqlite.busy)
      throw new Refused('Held', `the data folder ${folder} is in use by ${holderOf(folder)}`)
    throw new Refused('NotWritable', `the data folder ${folder} cannot be locked: ${textOf(cause)}`)
  }
  const holder = join(folder, 'holder.json')
  rmSync(holder, { force: true })
  writeFileSync(holder, `${JSON.stringify({ pid: process.pid, since: new Date().toISOString() })}\n`, { mode: 0o600 })
  return () => {
    rmSync(holder, { force: true })
    lock.close()
  }
}

/**
 * Makes an empty file that only its owner may read; SQLite gives the same mode to what it puts beside. A file that exists is
 * not even opened: closing it again would drop the locks that this process has on it.
 */
export const makePrivateFile = (path: string): void => {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
  }
}

const holderOf = (folder: string): string => {
  try {
    const holder: unknown = JSON.parse(readFileSync(join(folder, 'holder.json'), 'utf8'))
    if (typeof holder === 'object' && holder !== null && 'pid' in holder && 'since' in holder)
      return `jobledger process ${holder.pid} (since ${holder.since})`
  } catch {
    // Who holds the folder has not written it yet, or it was removed: the lock counts, not the note.
  }
  return 'another jobledger process'
}
