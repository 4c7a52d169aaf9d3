import { type ApiKind, core, onlyItsName } from './kind.ts'

const workload = {
  categories: ['all'],
  isNamespaced: true,
  subresources: [],
  deletesCollections: false,
  deletionAnswers: 'success',
  selectable: {},
} as const

const apps = { ...workload, group: 'apps', version: 'v1', fieldRefusal: onlyItsName } as const

/** Not among what is shown as `all`. */
const unlisted = { ...workload, categories: [] } as const

/** Kinds that clients look for, of which there is never any. */
export const emptyApiKinds = {
  replicationcontrollers: {
    ...workload,
    ...core,
    kind: 'ReplicationController',
    plural: 'replicationcontrollers',
    shortNames: ['rc'],
  },
  daemonsets: { ...apps, kind: 'DaemonSet', plural: 'daemonsets', shortNames: ['ds'] },
  deployments: { ...apps, kind: 'Deployment', plural: 'deployments', shortNames: ['deploy'] },
  replicasets: { ...apps, kind: 'ReplicaSet', plural: 'replicasets', shortNames: ['rs'] },
  statefulsets: { ...apps, kind: 'StatefulSet', plural: 'statefulsets', shortNames: ['sts'] },
  /** Clients evict Pods, rather than delete them, where there is the group of this kind. */
  poddisruptionbudgets: {
    ...unlisted,
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    shortNames: ['pdb'],
    fieldRefusal: onlyItsName,
  },
  /** `kubectl apply --prune` goes through these, too. */
  endpoints: { ...unlisted, ...core, kind: 'Endpoints', plural: 'endpoints', shortNames: ['ep'] },
  ingresses: {
    ...unlisted,
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'Ingress',
    plural: 'ingresses',
    shortNames: ['ing'],
    fieldRefusal: onlyItsName,
  },
  persistentvolumeclaims: {
    ...unlisted,
    ...core,
    kind: 'PersistentVolumeClaim',
    plural: 'persistentvolumeclaims',
    shortNames: ['pvc'],
  },
  persistentvolumes: {
    ...unlisted,
    ...core,
    kind: 'PersistentVolume',
    plural: 'persistentvolumes',
    shortNames: ['pv'],
    isNamespaced: false,
  },
} as const satisfies Readonly<Record<string, ApiKind>>
