import type { ServedResources } from '../call.ts'
import type { UidOf } from './account-tokens.ts'

/** Looks the objects up that tokens name. Those whose deletion is due count as gone, whatever still holds them. */
export const uidsOf =
  (resources: Pick<ServedResources, 'serviceaccounts' | 'pods' | 'secrets' | 'nodes'>, now: () => number): UidOf =>
  (kind, namespace, name) => {
    const metadata = resources[resourceOf[kind]]?.get(namespace, name)?.metadata
    if (metadata?.uid === undefined) return null
    const { deletionTimestamp = '' } = metadata
    return deletionTimestamp !== '' && Date.parse(deletionTimestamp) <= now() ? null : metadata.uid
  }

const resourceOf = { ServiceAccount: 'serviceaccounts', Pod: 'pods', Secret: 'secrets', Node: 'nodes' } as const
