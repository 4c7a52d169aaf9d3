import { type ApiKind, atPath, core, onlyItsName } from './kind.ts'

const ofNamespace = {
  ...core,
  categories: [],
  isNamespaced: true,
  subresources: [],
  deletesCollections: true,
  deletionAnswers: 'success',
  selectable: {},
} as const

/** The kinds of objects that are only kept. */
export const storedApiKinds = {
  configmaps: {
    ...ofNamespace,
    kind: 'ConfigMap',
    plural: 'configmaps',
    shortNames: ['cm'],
    fieldRefusal: onlyItsName,
  },
  leases: {
    ...ofNamespace,
    group: 'coordination.k8s.io',
    kind: 'Lease',
    plural: 'leases',
    shortNames: [],
    createsOnUpdate: true,
    fieldRefusal: onlyItsName,
  },
  nodes: {
    ...ofNamespace,
    kind: 'Node',
    plural: 'nodes',
    shortNames: ['no'],
    isNamespaced: false,
    subresources: ['status'],
    selectable: { 'spec.unschedulable': atPath('spec.unschedulable', 'false') },
  },
  secrets: {
    ...ofNamespace,
    kind: 'Secret',
    plural: 'secrets',
    shortNames: [],
    selectable: { type: atPath('type') },
  },
  serviceaccounts: {
    ...ofNamespace,
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    shortNames: ['sa'],
    actions: [
      { name: 'token', verb: 'create', body: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' } },
    ],
    deletionAnswers: 'object',
    fieldRefusal: onlyItsName,
  },
  services: {
    ...ofNamespace,
    kind: 'Service',
    plural: 'services',
    shortNames: ['svc'],
    categories: ['all'],
    subresources: ['status'],
    deletionAnswers: 'object',
    selectable: { 'spec.clusterIP': atPath('spec.clusterIP'), 'spec.type': atPath('spec.type') },
  },
} as const satisfies Readonly<Record<string, ApiKind>>
