const containers = (name: string): ReadonlyArray<readonly [field: string, key: string]> => [
  [`${name}.env`, 'name'],
  [`${name}.ports`, 'containerPort'],
  [`${name}.volumeMounts`, 'mountPath'],
  [`${name}.volumeDevices`, 'devicePath'],
]

const keys: ReadonlyMap<string, string | null> = new Map<string, string | null>([
  ['ObjectMeta.ownerReferences', 'uid'],
  ['ObjectMeta.finalizers', null],
  ['JobStatus.conditions', 'type'],
  ['PodStatus.conditions', 'type'],
  ['PodStatus.podIPs', 'ip'],
  ['PodStatus.hostIPs', 'ip'],
  ['PodStatus.resourceClaimStatuses', 'name'],
  ['ContainerStatus.volumeMounts', 'mountPath'],
  ['PodSpec.containers', 'name'],
  ['PodSpec.initContainers', 'name'],
  ['PodSpec.ephemeralContainers', 'name'],
  ['PodSpec.volumes', 'name'],
  ['PodSpec.imagePullSecrets', 'name'],
  ['PodSpec.hostAliases', 'ip'],
  ['PodSpec.topologySpreadConstraints', 'topologyKey'],
  ['PodSpec.schedulingGates', 'name'],
  ['PodSpec.resourceClaims', 'name'],
  ['NamespaceStatus.conditions', 'type'],
  ['NodeSpec.podCIDRs', null],
  ['NodeStatus.addresses', 'type'],
  ['NodeStatus.conditions', 'type'],
  ['ServiceAccount.secrets', 'name'],
  ['ServiceSpec.ports', 'port'],
  ['ServiceStatus.conditions', 'type'],
  ...containers('Container'),
  ...containers('EphemeralContainer'),
])

/**
 * By which field a strategic merge patch knows the elements of a list again; null for lists of texts, which are merged as sets.
 * Undefined: the list is replaced as a whole.
 */
export const mergeKeyOf = (definition: string, field: string): string | null | undefined =>
  keys.get(`${definition}.${field}`)
