/** One kind of object with the addresses under which the API serves it. */
export type ApiKind = {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly isNamespaced: boolean
  /** Parts of the object, which can be read and changed alone. */
  readonly subresources: ReadonlyArray<'status' | 'scale'>
  /** What else can be done under the address of an object: each with its only verb, and the kind of its body. */
  readonly actions?: ReadonlyArray<Action>
  /** What clients may call it for short, and the groups of resources to which it belongs. */
  readonly shortNames: ReadonlyArray<string>
  readonly categories: ReadonlyArray<string>
  /** Whether a whole collection of a namespace can be deleted. */
  readonly deletesCollections: boolean
  /** The answer to a deletion that is done: the object as it last was, or that it succeeded. */
  readonly deletionAnswers: 'object' | 'success'
  /** What is told to those who delete without saying what becomes of the dependents. */
  readonly deletionWarning?: string
  /** Selectable fields besides name and namespace, each with the value of an object that lacks it. */
  readonly selectable: Readonly<Record<string, { readonly path: ReadonlyArray<string>; readonly absent: string }>>
  /** How the API says that it does not know a field by which somebody selects. */
  readonly fieldRefusal: (field: string) => string
}

export type Action = {
  readonly name: string
  readonly verb: 'get' | 'create'
  readonly body: { readonly group: string; readonly version: string; readonly kind: string }
}

/** `v1`, `batch/v1`. */
export const groupVersion = ({ group, version }: Pick<ApiKind, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`

/** `pods`, `jobs.batch`. */
export const qualifiedPlural = ({ group, plural }: Pick<ApiKind, 'group' | 'plural'>): string =>
  group === '' ? plural : `${plural}.${group}`

/** `Pod`, `Job.batch`. */
export const qualifiedKind = ({ group, kind }: Pick<ApiKind, 'group' | 'kind'>): string =>
  group === '' ? kind : `${kind}.${group}`

const atPath = (path: string, absent = ''): ApiKind['selectable'][string] => ({ path: path.split('.'), absent })

const onlyItsName = (field: string): string =>
  `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`

const batch = {
  group: 'batch',
  version: 'v1',
  isNamespaced: true,
  deletesCollections: true,
  deletionAnswers: 'success',
} as const
const core = {
  group: '',
  version: 'v1',
  fieldRefusal: (field: string) => `field label not supported: ${field}`,
} as const

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
    deletesCollections: false,
    deletionAnswers: 'object',
    selectable: { 'status.phase': atPath('status.phase') },
  },
  configmaps: {
    ...core,
    kind: 'ConfigMap',
    plural: 'configmaps',
    shortNames: ['cm'],
    categories: [],
    isNamespaced: true,
    subresources: [],
    deletesCollections: true,
    deletionAnswers: 'success',
    selectable: {},
    fieldRefusal: onlyItsName,
  },
} as const satisfies Readonly<Record<string, ApiKind>>

export type ResourceName = keyof typeof apiKinds
