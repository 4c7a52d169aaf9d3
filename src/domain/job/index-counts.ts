import { indexChunkBits, type Owner, ownChunk } from './chunks.ts'

const chunkSize = 1 << indexChunkBits
const chunkMask = chunkSize - 1

export type CountChunk = { readonly owner: Owner; readonly counts: Uint16Array }

/** A small number per completion index (0 when never set), in shared chunks. */
export type IndexCounts = ReadonlyArray<CountChunk>

export const noIndexCounts: IndexCounts = []

export const indexCount = (counts: IndexCounts, index: number): number =>
  counts[index >>> indexChunkBits]?.counts[index & chunkMask] ?? 0

const create = (owner: Owner): CountChunk => ({ owner, counts: new Uint16Array(chunkSize) })
const copy = (chunk: CountChunk, owner: Owner): CountChunk => ({ owner, counts: chunk.counts.slice() })

/** Sets it in place, in chunks that belong to the batch `owner`. */
export const setIndexCount = (counts: CountChunk[], index: number, count: number, owner: Owner): void => {
  ownChunk(counts, index >>> indexChunkBits, owner, create, copy).counts[index & chunkMask] = count
}
