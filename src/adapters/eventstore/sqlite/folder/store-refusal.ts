/**
 * Why a data folder is not opened. `message` is one sentence for a person; nothing was changed in the folder's log.
 * `Held`: another process writes there. `NotWritable`: the folder cannot be made or written. `NotALedger`: the file is
 * somebody else's. `Damaged`: SQLite cannot read it. `NewerVersion`: a later jobledger wrote it. `Unavailable`: anything else.
 */
export type StoreRefusal = {
  readonly _tag: 'Held' | 'NotWritable' | 'NotALedger' | 'Damaged' | 'NewerVersion' | 'Unavailable'
  readonly message: string
}

/** What opening throws below the border; above it there is only its `refusal`. */
export class Refused extends Error {
  readonly refusal: StoreRefusal
  constructor(_tag: StoreRefusal['_tag'], message: string) {
    super(message)
    this.refusal = { _tag, message }
  }
}

/** The refusal that a failed attempt to open `path` amounts to. */
export const refusalOf = (cause: unknown, path: string): StoreRefusal => {
  if (cause instanceof Refused) return cause.refusal
  const text = textOf(cause)
  switch (primaryCode(cause)) {
    case sqlite.notADatabase:
      return {
        _tag: 'NotALedger',
        message: `the file ${path} is not a jobledger log: it is no SQLite database, or its first page is damaged`,
      }
    case sqlite.corrupt:
      return { _tag: 'Damaged', message: `the log ${path} is damaged: ${text}` }
    case sqlite.readOnly:
    case sqlite.cannotOpen:
    case sqlite.permission:
      return { _tag: 'NotWritable', message: `the log ${path} cannot be opened: ${text}` }
    default:
      return { _tag: 'Unavailable', message: `the log ${path} cannot be opened: ${text}` }
  }
}

/** Primary result codes of SQLite that mean something to us. */
export const sqlite = { permission: 3, busy: 5, readOnly: 8, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 }

/** SQLite's primary result code of an error of node:sqlite; -1 when the error is not SQLite's. */
export const primaryCode = (cause: unknown): number =>
  cause instanceof Error && 'errcode' in cause && typeof cause.errcode === 'number' ? cause.errcode & 0xff : -1

export const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
