import type { ApiObject } from '../../../application/api/resource.ts'

/** A collection as it was at a version of the log. */
export type Snapshot = { readonly version: bigint; readonly objects: ReadonlyArray<ApiObject> }

/** Collections of which somebody has read a part and may come back for the rest. */
export type Snapshots = {
  readonly keep: (collection: string, snapshot: Snapshot) => void
  readonly find: (collection: string, version: bigint) => Snapshot | null
}

/** Keeps the newest ones, as many as hold `objectsMax` objects together; what is lost is listed anew by its reader. */
export const newSnapshots = (objectsMax = 20_000): Snapshots => {
  const kept = new Map<string, Snapshot>()
  let size = 0
  const drop = (key: string): void => {
    size -= kept.get(key)?.objects.length ?? 0
    kept.delete(key)
  }
  return {
    keep: (collection, snapshot) => {
      const key = `${snapshot.version} ${collection}`
      if (kept.has(key) || snapshot.objects.length > objectsMax) return
      kept.set(key, snapshot)
      size += snapshot.objects.length
      for (const oldest of kept.keys()) {
        if (size <= objectsMax && kept.size <= snapshotsMax) break
        drop(oldest)
      }
    },
    find: (collection, version) => kept.get(`${version} ${collection}`) ?? null,
  }
}

/** Small ones are many. */
const snapshotsMax = 256
