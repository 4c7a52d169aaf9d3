import type { NewEvent, StoredEvent } from '../../../../application/ports/event-store.ts'
import { checksum } from './checksum.ts'

/**
 * One row of the log: events of one append, side by side. `position` and `revision` are those of its last event, so the row that
 * holds an event is the first one at or behind it.
 */
export type Piece = [
  position: number,
  streamId: number,
  revision: number,
  count: number,
  events: string,
  checksum: number,
]

/** What a row will hold, on its way to it. */
export type PackedPiece = readonly [count: number, events: string]

/** The stream of a piece, with the seed of its checksums. */
export type Stream = { readonly name: string; readonly seed: number }

/** Rows of some hundred kilobytes are read fastest; beyond that their memory is no longer reused at once. */
const eventsPerPiece = 256

/** Large events share no row, so that no row comes near what SQLite can hold. */
const charactersPerPiece = 1_000_000

/** The rows that one append becomes. */
export const pack = (events: ReadonlyArray<NewEvent>): ReadonlyArray<PackedPiece> => {
  const pieces: PackedPiece[] = []
  let texts: string[] = []
  let characters = 0
  for (const [i, { id, type, data, metadata }] of events.entries()) {
    texts.push(id, type, data, metadata)
    characters += id.length + type.length + data.length + metadata.length
    const count = texts.length / textsPerEvent
    if (count < eventsPerPiece && characters < charactersPerPiece && i < events.length - 1) continue
    pieces.push([count, join(texts)])
    texts = []
    characters = 0
  }
  return pieces
}

/** How much the pieces hold, in UTF-16 units. */
export const charactersIn = (pieces: ReadonlyArray<PackedPiece>): number =>
  pieces.reduce((sum, [, events]) => sum + events.length, 0)

/** Adds the piece's events from index `begin` to `end` (exclusive); throws when the row does not match its checksum. */
export const unpackInto = (
  events: StoredEvent[],
  { name, seed }: Stream,
  [position, , revision, count, text, sum]: Piece,
  begin: number,
  end: number,
): void => {
  const [firstPosition, firstRevision] = [position - count + 1, revision - count + 1]
  if (checksum(seed, position, revision, count, text) !== sum) throw new Error(damage(firstPosition, position))
  const texts = split(text)
  for (let i = begin; i < end; i += 1) {
    const at = i * textsPerEvent
    const id = texts[at] as string
    events.push({
      // Whoever remembers how far he has read keeps this id: a copy, because a part of the row's text keeps the whole alive.
      id: i === end - 1 ? copyOf(id) : id,
      type: texts[at + 1] as string,
      data: texts[at + 2] as string,
      metadata: texts[at + 3] as string,
      stream: name,
      revision: firstRevision + i,
      position: BigInt(firstPosition + i),
    })
  }
}

/** Id, type, data and metadata of each event in turn. */
const textsPerEvent = 4

/** Stands between the texts of a row. JSON has no such character: it escapes control characters. */
const separator = '\x1f'

/** Texts that contain the separator, or what UTF-8 cannot write, become a JSON array, which contains neither. */
const join = (texts: ReadonlyArray<string>): string => {
  const joined = texts.join(separator)
  return separatorsIn(joined) === texts.length - 1 && joined.isWellFormed() ? joined : JSON.stringify(texts)
}

/** A row has four texts or more, so one without a separator is a JSON array. */
const split = (text: string): ReadonlyArray<string> => {
  const texts = text.split(separator)
  return texts.length === 1 ? (JSON.parse(text) as ReadonlyArray<string>) : texts
}

const separatorsIn = (text: string): number => {
  let count = 0
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + 1)) count += 1
  return count
}

/** The same text in memory of its own: what is joined is written out anew before anything is cut from it. */
const copyOf = (text: string): string => ` ${text}`.slice(1)

const damage = (first: number, last: number): string =>
  first === last
    ? `the event at position ${last} is damaged: it does not match its checksum`
    : `the events at positions ${first} to ${last} are damaged: they do not match their checksum`
