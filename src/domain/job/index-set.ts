import { indexChunkBits, type Owner, ownChunk } from './chunks.ts'

const chunkSize = 1 << indexChunkBits
const chunkMask = chunkSize - 1

type Words = { readonly owner: Owner; readonly bits: Uint32Array }

/** A set of completion indexes as a bitset in shared chunks; `size` is kept, never counted. */
export type IndexSet = { readonly chunks: ReadonlyArray<Words>; readonly size: number }

export const emptyIndexSet: IndexSet = { chunks: [], size: 0 }

export const hasIndex = ({ chunks }: IndexSet, index: number): boolean => {
  const chunk = chunks[index >>> indexChunkBits]
  const place = index & chunkMask
  return chunk !== undefined && ((chunk.bits[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0
}

/** The members, rising. For text and tests: O(size of the range). */
export function* indexesOf({ chunks }: IndexSet): Generator<number> {
  for (const [place, chunk] of chunks.entries())
    for (let word = 0; word < chunk.bits.length; word += 1)
      for (let bits = chunk.bits[word] ?? 0; bits !== 0; bits &= bits - 1)
        yield place * chunkSize + word * 32 + (31 - Math.clz32(bits & -bits))
}

/** `0-2,5,7-9`: the form of `completedIndexes` (rule 4.4); two neighbours stay `a,b`. Empty: `''`. */
export const renderIndexes = (set: IndexSet): string => {
  const parts: string[] = []
  let first = -2
  let last = -2
  const close = () => {
    if (last < 0) return
    if (last === first) parts.push(`${first}`)
    else parts.push(last === first + 1 ? `${first},${last}` : `${first}-${last}`)
  }
  for (const index of indexesOf(set)) {
    if (index !== last + 1) {
      close()
      first = index
    }
    last = index
  }
  close()
  return parts.join(',')
}

/** Reads that form; parts that are none are skipped (rule 4.4). */
export const parseIndexes = (text: string): IndexSet => {
  const draft = draftIndexSet(emptyIndexSet, {})
  for (const part of text.split(',')) {
    const [first, last = first] = part.split('-').map(Number)
    if (first === undefined || last === undefined || !Number.isSafeInteger(first) || !Number.isSafeInteger(last))
      continue
    for (let index = first; index <= last; index += 1) putIndex(draft, index, true)
  }
  return sealIndexSet(draft)
}

/** The lowest index from `from` on, below `end`, that is in none of the sets; `end` when there is none. */
export const lowestFree = (sets: ReadonlyArray<IndexSet>, from: number, end: number): number => {
  let index = from
  while (index < end) {
    const place = index & chunkMask
    let taken = 0
    for (const set of sets) taken |= set.chunks[index >>> indexChunkBits]?.bits[place >>> 5] ?? 0
    const free = ~taken & (-1 << (place & 31))
    if (free !== 0) return Math.min(end, (index & ~31) + (31 - Math.clz32(free & -free)))
    index = (index & ~31) + 32
  }
  return end
}

const createWords = (owner: Owner): Words => ({ owner, bits: new Uint32Array(chunkSize / 32) })
const copyWords = (words: Words, owner: Owner): Words => ({ owner, bits: words.bits.slice() })

/** A set that one batch writes to; `sealIndexSet` gives it back as a value. */
export type IndexSetDraft = { readonly chunks: Words[]; size: number; readonly owner: Owner }

export const draftIndexSet = (set: IndexSet, owner: Owner): IndexSetDraft => ({
  chunks: [...set.chunks],
  size: set.size,
  owner,
})

/** Puts the index in or takes it out; whether that changed anything. */
export const putIndex = (draft: IndexSetDraft, index: number, present: boolean): boolean => {
  const { bits } = ownChunk(draft.chunks, index >>> indexChunkBits, draft.owner, createWords, copyWords)
  const word = (index & chunkMask) >>> 5
  const bit = 1 << (index & 31)
  const before = bits[word] ?? 0
  const after = present ? before | bit : before & ~bit
  if (after >>> 0 === before >>> 0) return false
  bits[word] = after
  draft.size += present ? 1 : -1
  return true
}

export const sealIndexSet = ({ chunks, size }: IndexSetDraft): IndexSet => ({ chunks, size })

/** Whether the draft still is the set, seen by its chunks: those that were written to are its own. */
export const isUnwritten = (draft: IndexSetDraft, set: IndexSet): boolean =>
  draft.chunks.length === set.chunks.length && draft.chunks.every((chunk, place) => chunk === set.chunks[place])
