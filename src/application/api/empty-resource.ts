import type { Resource } from './resource.ts'

const emptyResource: Resource = { get: () => null, list: () => [] }

/** Objects that clients look for, of which there is never any. */
export const emptyResources = {
  replicationcontrollers: emptyResource,
  daemonsets: emptyResource,
  deployments: emptyResource,
  endpoints: emptyResource,
  ingresses: emptyResource,
  persistentvolumeclaims: emptyResource,
  persistentvolumes: emptyResource,
  poddisruptionbudgets: emptyResource,
  replicasets: emptyResource,
  statefulsets: emptyResource,
}
