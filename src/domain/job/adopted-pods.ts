import { type Owner, ownChunk, podChunkBits } from './chunks.ts'
import { hasIndex, type IndexSet } from './index-set.ts'
import type { PodPlace } from './pod-run.ts'

/** A Pod that the Job took over: its name is its own, and so is the `place` of one that ran here already. */
type AdoptedPod = { readonly uid: string; readonly name: string; readonly place: PodPlace | null }

type Adoptions = { readonly owner: Owner; readonly pods: Array<AdoptedPod | undefined> }
type Ordinals = { readonly owner: Owner; readonly pods: number[] }

/** The Pods that a Job took over, by ordinal and by uid, in shared chunks. */
export type AdoptedPods = { readonly byPod: ReadonlyArray<Adoptions>; readonly byUid: ReadonlyArray<Ordinals> }

export const noAdoptedPods: AdoptedPods = { byPod: [], byUid: [] }

const chunkMask = (1 << podChunkBits) - 1

/** The Pod with this ordinal, if the Job took it over; null: it is the Job's own. */
export const adoptedPod = ({ byPod }: AdoptedPods, pod: number): AdoptedPod | null =>
  byPod[pod >>> podChunkBits]?.pods[pod & chunkMask] ?? null

/** The ordinals that the Pod with this uid has had: more than one when the Job let it go and took it over again. */
export const ordinalsOf = (adopted: AdoptedPods, uid: string): ReadonlyArray<number> =>
  adopted.byUid[shareOf(uid)]?.pods.filter((pod) => adoptedPod(adopted, pod)?.uid === uid) ?? []

/** The ordinal of the Pod with this uid, if the Job took it over and has not let it go since; null: it has not. */
export const adoptedAs = (
  { adopted, released }: { readonly adopted: AdoptedPods; readonly released: IndexSet },
  uid: string,
): number | null => ordinalsOf(adopted, uid).find((pod) => !hasIndex(released, pod)) ?? null

/** The last digits of uids are evenly spread, and so are the uids over 256 lists. */
const shareOf = (uid: string): number => Number.parseInt(uid.slice(-2), 16) & 255

/** The Pods as one batch writes to them. */
export type AdoptedPodsDraft = { readonly byPod: Adoptions[]; readonly byUid: Ordinals[] }

export const draftAdoptedPods = ({ byPod, byUid }: AdoptedPods): AdoptedPodsDraft => ({
  byPod: [...byPod],
  byUid: [...byUid],
})

/** Adds a Pod, or says more of one, in chunks that belong to the batch `owner`. */
export const putAdoptedPod = (draft: AdoptedPodsDraft, pod: number, adopted: AdoptedPod, owner: Owner): void => {
  const isNew = adoptedPod(draft, pod) === null
  ownChunk(draft.byPod, pod >>> podChunkBits, owner, createChunk, copyChunk).pods[pod & chunkMask] = adopted
  if (isNew) ownChunk(draft.byUid, shareOf(adopted.uid), owner, createChunk, copyChunk).pods.push(pod)
}

const createChunk = (owner: Owner): { readonly owner: Owner; readonly pods: never[] } => ({ owner, pods: [] })

const copyChunk = <A>({ pods }: { readonly pods: ReadonlyArray<A> }, owner: Owner) => ({ owner, pods: pods.slice() })
