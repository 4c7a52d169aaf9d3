const template = {
  spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', command: ['true'] }] },
}
export const at = (group: string, plural: string): string =>
  `/${group === 'v1' ? 'api' : 'apis'}/${group}/namespaces/default/${plural}`

/** Where objects are made, with one that would be taken there. */
export const places: Readonly<
  Record<string, { readonly kind: string; readonly base: { readonly metadata: { readonly name: string } } }>
> = {
  [at('batch/v1', 'jobs')]: {
    kind: 'Job',
    base: { metadata: { name: 'job' }, ...{ spec: { suspend: true, template } } },
  },
  [at('batch/v1', 'cronjobs')]: {
    kind: 'CronJob',
    base: { metadata: { name: 'cron' }, ...{ spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template } } } } },
  },
  [at('v1', 'pods')]: { kind: 'Pod', base: { metadata: { name: 'pod' }, ...template } },
  [at('v1', 'configmaps')]: { kind: 'ConfigMap', base: { metadata: { name: 'config' } } },
  [at('v1', 'events')]: {
    kind: 'Event',
    base: { metadata: { name: 'event' }, ...{ involvedObject: { namespace: 'default' } } },
  },
  [at('v1', 'serviceaccounts')]: { kind: 'ServiceAccount', base: { metadata: { name: 'account' } } },
  [at('coordination.k8s.io/v1', 'leases')]: { kind: 'Lease', base: { metadata: { name: 'lease' } } },
  [at('v1', 'secrets')]: { kind: 'Secret', base: { metadata: { name: 'secret' }, ...{ data: { a: 'Yg==' } } } },
  [at('v1', 'services')]: {
    kind: 'Service',
    base: { metadata: { name: 'service' }, ...{ spec: { ports: [{ port: 80 }] } } },
  },
  [at('events.k8s.io/v1', 'events')]: {
    kind: 'EventsEvent',
    base: { metadata: { name: 'other' }, ...{ regarding: { namespace: 'default' } } },
  },
  '/api/v1/namespaces': { kind: 'Namespace', base: { metadata: { name: 'space' } } },
  '/api/v1/nodes': { kind: 'Node', base: { metadata: { name: 'node' } } },
  '/apis/authorization.k8s.io/v1/subjectaccessreviews': {
    kind: 'SubjectAccessReview',
    base: { metadata: { name: 'review' } },
  },
}

export const paths = Object.keys(places)

export const protobufType = 'application/vnd.kubernetes.protobuf'

export const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
]
