/**
 * Typed columns in chunks of 1 024 that are shared between states and copied on the first write of a batch. An `Owner` is a
 * token made for one batch: a chunk with that token belongs to the batch alone and may be written in place.
 */
export type Owner = object

export const chunkBits = 10
export const chunkSize = 1 << chunkBits
export const chunkMask = chunkSize - 1

type Owned = { readonly owner: Owner }

/** The chunk to write to for `ordinal`: the batch's own copy, made now when it is still shared, or a new one behind the last. */
export const ownChunk = <C extends Owned>(
  chunks: C[],
  ordinal: number,
  owner: Owner,
  create: (owner: Owner) => C,
  copy: (chunk: C, owner: Owner) => C,
): C => {
  const place = ordinal >>> chunkBits
  while (chunks.length <= place) chunks.push(create(owner))
  const chunk = chunks[place] as C
  if (chunk.owner === owner) return chunk
  const own = copy(chunk, owner)
  chunks[place] = own
  return own
}
