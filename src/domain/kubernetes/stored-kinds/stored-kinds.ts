import { configMap } from './config-map.ts'
import { event } from './event.ts'
import { lease } from './lease.ts'
import { node } from './node.ts'
import { secret } from './secret.ts'
import { service } from './service.ts'
import { serviceAccount } from './service-account.ts'
import type { StoredKind } from './stored-kind.ts'

/** Every kind of objects that are only kept, by the name of its resource. */
export const storedKinds = {
  configmaps: configMap,
  events: event,
  leases: lease,
  nodes: node,
  secrets: secret,
  serviceaccounts: serviceAccount,
  services: service,
} as const satisfies Readonly<Record<string, StoredKind>>

export type StoredResourceName = keyof typeof storedKinds

/** Null for a resource of which this version knows nothing. */
export const storedKindOf = (resource: string): StoredKind | null =>
  isStoredResource(resource) ? storedKinds[resource] : null

export const isStoredResource = (resource: string): resource is StoredResourceName =>
  Object.hasOwn(storedKinds, resource)
