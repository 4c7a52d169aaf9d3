import { canonicalMicroTime, canonicalTime } from './go-time.ts'
import { canonicalQuantity } from './quantity.ts'
import { type Definition, fieldType, notationOf, type ScalarName, schema } from './schema.ts'

/**
 * What is left of a value after Kubernetes has read and written it [D-8, D-10]: unknown fields, nulls and empty things are
 * gone, quantities and times have their canonical spelling. Takes a value whose shape was checked.
 */
export const canonicalForm =
  (definitionName: string) =>
  (value: unknown): unknown =>
    canonical(definitionName, value)

const canonical = (notation: string, value: unknown): unknown => {
  const type = fieldType(schema, notation)
  switch (type._tag) {
    case 'Scalar':
      return scalar(type.name, value)
    case 'List':
      return Array.isArray(value) ? value.map((item) => canonical(type.item, item)) : value
    case 'Map':
      return Object.fromEntries(Object.entries(value ?? {}).map(([key, item]) => [key, canonical(type.value, item)]))
    case 'Object':
      return canonicalObject(type.name, type.definition, value ?? {})
  }
}

const scalar = (name: ScalarName, value: unknown): unknown => {
  if (name === 'quantity') return quantity(value)
  if (name === 'microTime' && typeof value === 'string') return canonicalMicroTime(value)
  return name === 'time' && typeof value === 'string' ? canonicalTime(value) : (value ?? zeroes[name])
}

const canonicalObject = (name: string, definition: Definition, value: object): unknown =>
  Object.fromEntries(
    Object.entries(value).flatMap(([field, item]) => {
      const notation = notationOf(definition, field)
      if (notation === undefined || item === null || item === undefined) return []
      const kept = canonical(notation, item)
      return isDropped(name, definition, field, notation, kept) ? [] : [[field, kept]]
    }),
  )

const isDropped = (name: string, definition: Definition, field: string, notation: string, value: unknown): boolean => {
  if (notation.startsWith('[]')) return Array.isArray(value) && value.length === 0
  if (notation.startsWith('map[')) return Object.keys(value ?? {}).length === 0
  if (value === '') return !definition.required.includes(field) && !keptWhenEmpty.has(`${name}.${field}`)
  return (value === 0 || value === false) && droppedWhenZero.has(`${name}.${field}`)
}

/** JSON may write a quantity as a number. */
const quantity = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(String(value)) : '0'

const zeroes: Readonly<Record<Exclude<ScalarName, 'quantity'>, unknown>> = {
  string: '',
  bytes: '',
  boolean: false,
  int32: 0,
  int64: 0,
  intOrString: 0,
  time: null,
  microTime: null,
  any: null,
}

/** Optional texts for which Kubernetes tells the empty one from an absent one. */
const keptWhenEmpty = new Set([
  'AppArmorProfile.localhostProfile',
  'AzureDiskVolumeSource.cachingMode',
  'AzureDiskVolumeSource.fsType',
  'AzureDiskVolumeSource.kind',
  'CSIVolumeSource.fsType',
  'ClusterTrustBundleProjection.name',
  'ClusterTrustBundleProjection.signerName',
  'Container.restartPolicy',
  'CronJobSpec.timeZone',
  'GRPCAction.service',
  'HostPathVolumeSource.type',
  'ISCSIVolumeSource.initiatorName',
  'JobSpec.completionMode',
  'JobSpec.managedBy',
  'JobSpec.podReplacementPolicy',
  'JobStatus.failedIndexes',
  'Lifecycle.stopSignal',
  'PersistentVolumeClaimSpec.storageClassName',
  'PersistentVolumeClaimSpec.volumeAttributesClassName',
  'PersistentVolumeClaimSpec.volumeMode',
  'PodDNSConfigOption.value',
  'PodFailurePolicyOnExitCodesRequirement.containerName',
  'PodResourceClaim.resourceClaimName',
  'PodResourceClaim.resourceClaimTemplateName',
  'PodSecurityContext.fsGroupChangePolicy',
  'PodSecurityContext.seLinuxChangePolicy',
  'PodSecurityContext.supplementalGroupsPolicy',
  'PodSpec.hostnameOverride',
  'PodSpec.preemptionPolicy',
  'PodSpec.runtimeClassName',
  'SeccompProfile.localhostProfile',
  'SecurityContext.procMount',
  'SuccessPolicyRule.succeededIndexes',
  'TopologySpreadConstraint.nodeAffinityPolicy',
  'TopologySpreadConstraint.nodeTaintsPolicy',
  'TypedLocalObjectReference.apiGroup',
  'TypedObjectReference.apiGroup',
  'TypedObjectReference.namespace',
  'VolumeMount.mountPropagation',
  'VolumeMount.recursiveReadOnly',
  'WindowsSecurityContextOptions.gmsaCredentialSpec',
  'WindowsSecurityContextOptions.gmsaCredentialSpecName',
  'WindowsSecurityContextOptions.runAsUserName',
])

/** Numbers and booleans for which Kubernetes does not tell 0 or false from absence. */
const droppedWhenZero = new Set([
  'AWSElasticBlockStoreVolumeSource.partition',
  'AWSElasticBlockStoreVolumeSource.readOnly',
  'AzureFileVolumeSource.readOnly',
  'CephFSVolumeSource.readOnly',
  'CinderVolumeSource.readOnly',
  'Container.stdin',
  'Container.stdinOnce',
  'Container.tty',
  'ContainerPort.hostPort',
  'FCVolumeSource.readOnly',
  'FlexVolumeSource.readOnly',
  'GCEPersistentDiskVolumeSource.partition',
  'GCEPersistentDiskVolumeSource.readOnly',
  'GlusterfsVolumeSource.readOnly',
  'ISCSIVolumeSource.chapAuthDiscovery',
  'ISCSIVolumeSource.chapAuthSession',
  'ISCSIVolumeSource.readOnly',
  'JobStatus.active',
  'JobStatus.failed',
  'JobStatus.succeeded',
  'NFSVolumeSource.readOnly',
  'PersistentVolumeClaimVolumeSource.readOnly',
  'PodSpec.hostIPC',
  'PodSpec.hostNetwork',
  'PodSpec.hostPID',
  'PortworxVolumeSource.readOnly',
  'Probe.failureThreshold',
  'Probe.initialDelaySeconds',
  'Probe.periodSeconds',
  'Probe.successThreshold',
  'Probe.timeoutSeconds',
  'QuobyteVolumeSource.readOnly',
  'RBDVolumeSource.readOnly',
  'ScaleIOVolumeSource.readOnly',
  'ScaleIOVolumeSource.sslEnabled',
  'StorageOSVolumeSource.readOnly',
  'VolumeMount.readOnly',
])
