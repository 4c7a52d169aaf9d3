import type { Namespace } from '../domain/namespace/namespace.ts'
import { kubernetesTime } from './time.ts'

/** A namespace as the API shows it. */
export type NamespaceObject = {
  readonly apiVersion: 'v1'
  readonly kind: 'Namespace'
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly resourceVersion: string
    readonly creationTimestamp: string
    readonly deletionTimestamp?: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly finalizers?: ReadonlyArray<string>
    readonly managedFields?: Namespace['managers']
  }
  readonly spec: { readonly finalizers?: ReadonlyArray<string> }
  readonly status: { readonly phase: 'Active' | 'Terminating' }
}

/** Since when it is as it stands is told by the position of its last event. */
export const namespaceObject = (
  { uid, name, labels, annotations, finalizers, ofSpec, managers, createdAt, deletionAt }: Namespace,
  position: bigint,
): NamespaceObject => ({
  kind: 'Namespace',
  apiVersion: 'v1',
  metadata: {
    name,
    uid,
    resourceVersion: `${position}`,
    creationTimestamp: kubernetesTime(createdAt),
    ...(deletionAt === null ? {} : { deletionTimestamp: kubernetesTime(deletionAt) }),
    labels: { ...labels, [nameLabel]: name },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...(finalizers.length === 0 ? {} : { finalizers }),
    ...(managers.length === 0 ? {} : { managedFields: managers }),
  },
  spec: ofSpec.length === 0 ? {} : { finalizers: ofSpec },
  status: { phase: deletionAt === null ? 'Active' : 'Terminating' },
})

/** The label by which a namespace can be selected by its name. */
export const nameLabel = 'kubernetes.io/metadata.name'
