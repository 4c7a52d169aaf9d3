import type { Volume } from '../../../domain/kubernetes/pod-spec.ts'
import { indented, type Lines, mapLines } from './describe-metadata.ts'
import { field, isRecord, listField, textField } from '../../../projections/tables/loose-fields.ts'
import { quantityAmount } from './resource-field-value.ts'

/** The volumes of a Pod, or of a template two spaces further in: kind and whereabouts of each. */
export const volumeBlock = (
  volumes: ReadonlyArray<Volume> = [],
  { inTemplate }: { readonly inTemplate: boolean },
): Lines => {
  const title = inTemplate ? '  Volumes:' : 'Volumes:'
  if (volumes.length === 0) return [`${title}\t<none>`]
  return [
    title,
    ...volumes.flatMap((volume) => [`${inTemplate ? '   ' : '  '}${volume.name}:`, ...sourceLines(volume)]),
  ]
}

const sourceLines = (volume: Volume): Lines => {
  const kind = Object.keys(kinds).find((key) => field(volume, key))
  const lines = kind === undefined ? undefined : kinds[kind]
  return lines === undefined || kind === undefined ? ['  <unknown>'] : indented(2, lines(field(volume, kind)))
}

const kinds: Readonly<Record<string, (source: unknown) => Lines>> = {
  hostPath: (source) => [
    'Type:\tHostPath (bare host directory volume)',
    `Path:\t${textField(source, 'path')}`,
    `HostPathType:\t${field(source, 'type') === undefined ? '<none>' : textField(source, 'type')}`,
  ],
  emptyDir: (source) => [
    "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)",
    `Medium:\t${textField(source, 'medium')}`,
    `SizeLimit:\t${quantityAmount(textField(source, 'sizeLimit')) > 0 ? textField(source, 'sizeLimit') : '<unset>'}`,
  ],
  secret: (source) => [
    'Type:\tSecret (a volume populated by a Secret)',
    `SecretName:\t${textField(source, 'secretName')}`,
    optionalLine(source),
  ],
  configMap: (source) => [
    'Type:\tConfigMap (a volume populated by a ConfigMap)',
    `Name:\t${textField(source, 'name')}`,
    optionalLine(source),
  ],
  persistentVolumeClaim: (source) => [
    'Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    `ClaimName:\t${textField(source, 'claimName')}`,
    `ReadOnly:\t${textField(source, 'readOnly') || 'false'}`,
  ],
  nfs: (source) => [
    'Type:\tNFS (an NFS mount that lasts the lifetime of a pod)',
    `Server:\t${textField(source, 'server')}`,
    `Path:\t${textField(source, 'path')}`,
    `ReadOnly:\t${textField(source, 'readOnly') || 'false'}`,
  ],
  ephemeral: () => [
    'Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
  ],
  downwardAPI: (source) => [
    'Type:\tDownwardAPI (a volume populated by information about the pod)',
    'Items:',
    ...indented(
      1,
      listField(source, 'items').map(
        (item) =>
          `${textField(item, 'fieldRef', 'fieldPath') || textField(item, 'resourceFieldRef', 'resource')} -> ${textField(item, 'path')}`,
      ),
    ),
  ],
  projected: (source) => [
    'Type:\tProjected (a volume that contains injected data from multiple sources)',
    ...listField(source, 'sources').flatMap(projectedLines),
  ],
  csi: (source) => [
    'Type:\tCSI (a Container Storage Interface (CSI) volume source)',
    `Driver:\t${textField(source, 'driver')}`,
    `FSType:\t${textField(source, 'fsType')}`,
    `ReadOnly:\t${textField(source, 'readOnly') || 'false'}`,
    ...mapLines('VolumeAttributes', textMap(field(source, 'volumeAttributes'))),
  ],
  image: (source) => [
    'Type:\tImage (a container image or OCI artifact)',
    `Reference:\t${textField(source, 'reference')}`,
    `PullPolicy:\t${textField(source, 'pullPolicy')}`,
  ],
}

const projectedLines = (source: unknown): Lines => {
  if (field(source, 'secret'))
    return [`SecretName:\t${textField(source, 'secret', 'name')}`, optionalLine(field(source, 'secret'))]
  if (field(source, 'downwardAPI')) return ['DownwardAPI:\ttrue']
  if (field(source, 'configMap'))
    return [`ConfigMapName:\t${textField(source, 'configMap', 'name')}`, optionalLine(field(source, 'configMap'))]
  if (field(source, 'serviceAccountToken'))
    return [`TokenExpirationSeconds:\t${textField(source, 'serviceAccountToken', 'expirationSeconds')}`]
  return []
}

const optionalLine = (source: unknown): string => `Optional:\t${textField(source, 'optional') || 'false'}`

const textMap = (map: unknown): Readonly<Record<string, string>> =>
  isRecord(map) ? Object.fromEntries(Object.keys(map).map((key) => [key, textField(map, key)])) : {}
