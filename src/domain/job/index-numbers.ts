import { indexChunkBits, type Owner, ownChunk } from './chunks.ts'

const chunkSize = 1 << indexChunkBits
const chunkMask = chunkSize - 1

export type NumberChunk = { readonly owner: Owner; readonly numbers: Uint32Array }

/** A number per completion index (0 when never set), in shared chunks. */
export type IndexNumbers = ReadonlyArray<NumberChunk>

export const noIndexNumbers: IndexNumbers = []

export const numberOf = (numbers: IndexNumbers, index: number): number =>
  numbers[index >>> indexChunkBits]?.numbers[index & chunkMask] ?? 0

const create = (owner: Owner): NumberChunk => ({ owner, numbers: new Uint32Array(chunkSize) })
const copy = (chunk: NumberChunk, owner: Owner): NumberChunk => ({ owner, numbers: chunk.numbers.slice() })

/** Sets it in place, in chunks that belong to the batch `owner`. */
export const setNumber = (numbers: NumberChunk[], index: number, value: number, owner: Owner): void => {
  ownChunk(numbers, index >>> indexChunkBits, owner, create, copy).numbers[index & chunkMask] = value
}

/** Indexes whose number is not 0, rising, each with it. For what happens once in a Job's life. */
export function* setNumbers(numbers: IndexNumbers): Generator<readonly [index: number, value: number]> {
  for (const [place, chunk] of numbers.entries())
    for (const [i, value] of chunk.numbers.entries()) if (value !== 0) yield [place * chunkSize + i, value]
}
