import { emptyApiKinds } from './kinds/empty.ts'
import { type ApiKind, atPath, batch, core, onlyItsName } from './kinds/kind.ts'
import { storedApiKinds } from './kinds/stored.ts'
import { viewKinds } from './kinds/views.ts'

export { type Action, type ApiKind, groupVersion, qualifiedKind, qualifiedPlural } from './kinds/kind.ts'

/** Every kind that the API knows, by the name of its resource. */
export const apiKinds = {
  jobs: {
    ...batch,
    kind: 'Job',
    plural: 'jobs',
    shortNames: [],
    categories: ['all'],
    subresources: ['status', 'scale'],
    deletionWarning:
      'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
    selectable: { 'status.successful': atPath('status.succeeded', '0') },
    fieldRefusal: (field) => `field label ${JSON.stringify(field)} not supported for Job`,
  },
  cronjobs: {
    ...batch,
    kind: 'CronJob',
    plural: 'cronjobs',
    shortNames: ['cj'],
    categories: ['all'],
    subresources: ['status'],
    selectable: {},
    fieldRefusal: onlyItsName,
  },
  pods: {
    ...core,
    kind: 'Pod',
    plural: 'pods',
    shortNames: ['po'],
    categories: ['all'],
    isNamespaced: true,
    subresources: ['status'],
    actions: [
      { name: 'binding', verb: 'create', body: { group: '', version: 'v1', kind: 'Binding' } },
      { name: 'eviction', verb: 'create', body: { group: 'policy', version: 'v1', kind: 'Eviction' } },
      { name: 'log', verb: 'get', body: { group: '', version: 'v1', kind: 'Pod' } },
    ],
    deletesCollections: true,
    deletionAnswers: 'object',
    selectable: {
      'spec.nodeName': atPath('spec.nodeName'),
      'spec.host': atPath('spec.nodeName'),
      'spec.restartPolicy': atPath('spec.restartPolicy'),
      'spec.schedulerName': atPath('spec.schedulerName'),
      'spec.serviceAccountName': atPath('spec.serviceAccountName'),
      'spec.hostNetwork': atPath('spec.hostNetwork', 'false'),
      'status.phase': atPath('status.phase'),
      'status.podIP': atPath('status.podIP'),
      'status.podIPs': atPath('status.podIP'),
      'status.nominatedNodeName': atPath('status.nominatedNodeName'),
    },
  },
  events: {
    ...core,
    kind: 'Event',
    plural: 'events',
    shortNames: ['ev'],
    createsOnUpdate: true,
    categories: [],
    isNamespaced: true,
    subresources: [],
    deletesCollections: true,
    deletionAnswers: 'success',
    selectable: {
      'involvedObject.kind': atPath('involvedObject.kind'),
      'involvedObject.namespace': atPath('involvedObject.namespace'),
      'involvedObject.name': atPath('involvedObject.name'),
      'involvedObject.uid': atPath('involvedObject.uid'),
      'involvedObject.apiVersion': atPath('involvedObject.apiVersion'),
      'involvedObject.resourceVersion': atPath('involvedObject.resourceVersion'),
      'involvedObject.fieldPath': atPath('involvedObject.fieldPath'),
      reason: atPath('reason'),
      reportingComponent: atPath('reportingComponent'),
      source: atPath('source.component'),
      type: atPath('type'),
    },
  },
  namespaces: {
    ...core,
    kind: 'Namespace',
    plural: 'namespaces',
    shortNames: ['ns'],
    categories: [],
    isNamespaced: false,
    subresources: ['status'],
    actions: [{ name: 'finalize', verb: 'update', body: { group: '', version: 'v1', kind: 'Namespace' } }],
    deletesCollections: false,
    deletionAnswers: 'object',
    selectable: { 'status.phase': atPath('status.phase') },
  },
  ...storedApiKinds,
  ...emptyApiKinds,
  ...viewKinds,
} as const satisfies Readonly<Record<string, ApiKind>>

export type ResourceName = keyof typeof apiKinds
