/**
 * Typed columns in chunks that are shared between states and copied on the first write of a batch. An `Owner` is a token made for one
 * batch: a chunk with that token belongs to the batch alone and may be written in place.
 */
export type Owner = object

/** Bits of a place within a chunk: sets and counts of indexes are small, so 1 024 share a chunk. */
export const indexChunkBits = 10

/** Pods are wide: 16 share a chunk, so that Pods that end in any order copy little (docs/decisions/0003). */
export const podChunkBits = 4

type Owned = { readonly owner: Owner }

/** Number `place` of the chunks, to write to: the batch's own copy, made now when it is still shared, or a new one behind the last. */
export const ownChunk = <C extends Owned>(
  chunks: C[],
  place: number,
  owner: Owner,
  create: (owner: Owner) => C,
  copy: (chunk: C, owner: Owner) => C,
): C => {
  while (chunks.length <= place) chunks.push(create(owner))
  const chunk = chunks[place] as C
  if (chunk.owner === owner) return chunk
  const own = copy(chunk, owner)
  chunks[place] = own
  return own
}
