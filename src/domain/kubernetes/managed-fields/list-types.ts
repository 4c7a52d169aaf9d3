/**
 * How the elements of a list are known again when several managers write it: by these keys, or (`set`) by themselves. Null: the list has one
 * manager as a whole. These are not the keys of strategic merge patches.
 */
export const elementKeys = (definition: string, field: string): ReadonlyArray<string> | 'set' | null =>
  lists.get(`${definition}.${field}`) ?? null

/** Structures that have one manager as a whole. */
export const isAtomic = (definition: string): boolean => atomicDefinitions.has(definition)

/** Maps that have one manager as a whole. */
export const isAtomicMap = (definition: string, field: string): boolean => atomicMaps.has(`${definition}.${field}`)

/** What a key of an element is when the element does not say it. */
export const keyDefaults: Readonly<Record<string, unknown>> = { protocol: 'TCP' }

/**
 * Whether Kubernetes writes a structure even when there is nothing in it. Who fills in its first field does not make the structure.
 */
export const isAlwaysThere = (definition: string, field: string, notation: string): boolean =>
  notation === 'ObjectMeta' || (alwaysThere.has(field) && `${definition}.${field}` !== 'PodSpec.resources')

const alwaysThere = new Set(['spec', 'status', 'template', 'jobTemplate', 'resources', 'containers', 'involvedObject'])

const ofContainers = (definition: string): ReadonlyArray<readonly [list: string, keys: ReadonlyArray<string>]> => [
  [`${definition}.env`, ['name']],
  [`${definition}.ports`, ['containerPort', 'protocol']],
  [`${definition}.volumeMounts`, ['mountPath']],
  [`${definition}.volumeDevices`, ['devicePath']],
]

const lists: ReadonlyMap<string, ReadonlyArray<string> | 'set'> = new Map<string, ReadonlyArray<string> | 'set'>([
  ['ObjectMeta.ownerReferences', ['uid']],
  ['ObjectMeta.finalizers', 'set'],
  ['PodFailurePolicyOnExitCodesRequirement.values', 'set'],
  ['PodSpec.containers', ['name']],
  ['PodSpec.initContainers', ['name']],
  ['PodSpec.ephemeralContainers', ['name']],
  ['PodSpec.volumes', ['name']],
  ['PodSpec.imagePullSecrets', ['name']],
  ['PodSpec.schedulingGates', ['name']],
  ['PodSpec.resourceClaims', ['name']],
  ['PodSpec.hostAliases', ['ip']],
  ['PodSpec.topologySpreadConstraints', ['topologyKey', 'whenUnsatisfiable']],
  ['ResourceRequirements.claims', ['name']],
  ...ofContainers('Container'),
  ...ofContainers('EphemeralContainer'),
  ['PodStatus.conditions', ['type']],
  ['PodStatus.podIPs', ['ip']],
  ['PodStatus.hostIPs', ['ip']],
  ['PodStatus.resourceClaimStatuses', ['name']],
  ['NamespaceStatus.conditions', ['type']],
  ['NodeStatus.conditions', ['type']],
  ['NodeStatus.addresses', ['type']],
  ['NodeSpec.podCIDRs', 'set'],
  ['ServiceAccount.secrets', ['name']],
  ['ServiceSpec.ports', ['port', 'protocol']],
])

const atomicDefinitions = new Set([
  'ConfigMapKeySelector',
  'FileKeySelector',
  'LabelSelector',
  'LocalObjectReference',
  'NodeSelector',
  'NodeSelectorTerm',
  'ObjectFieldSelector',
  'ObjectReference',
  'OwnerReference',
  'ResourceFieldSelector',
  'SecretKeySelector',
  'SecretReference',
  'TypedLocalObjectReference',
])

const atomicMaps = new Set(['PodSpec.nodeSelector', 'ServiceSpec.selector'])
