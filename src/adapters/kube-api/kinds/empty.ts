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
    ...workload,
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    shortNames: ['pdb'],
    categories: [],
    fieldRefusal: onlyItsName,
  },
} as const satisfies Readonly<Record<string, ApiKind>>
