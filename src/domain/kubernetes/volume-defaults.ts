import { imagePullPolicyOf } from './image-pull-policy.ts'
import type { Shape } from './schema.ts'

/** The defaults of a volume [D-8]: an `emptyDir` where no source is given, and those of the sources that are. */
export const volumeWithDefaults = (volume: Shape<'Volume'>): Shape<'Volume'> => {
  const { name, ...sources } = volume
  if (Object.keys(sources).length === 0) return { ...volume, emptyDir: {} }
  return {
    ...volume,
    ...(volume.configMap === undefined ? {} : { configMap: { defaultMode, ...volume.configMap } }),
    ...(volume.secret === undefined ? {} : { secret: { defaultMode, ...volume.secret } }),
    ...(volume.downwardAPI === undefined ? {} : { downwardAPI: downwardWithDefaults(volume.downwardAPI) }),
    ...(volume.projected === undefined ? {} : { projected: projectedWithDefaults(volume.projected) }),
    ...(volume.hostPath === undefined ? {} : { hostPath: { type: '', ...volume.hostPath } }),
    ...(volume.image === undefined ? {} : { image: { pullPolicy: pullPolicyOf(volume.image), ...volume.image } }),
    ...(volume.ephemeral?.volumeClaimTemplate === undefined
      ? {}
      : { ephemeral: { volumeClaimTemplate: claimWithDefaults(volume.ephemeral.volumeClaimTemplate) } }),
    ...(volume.iscsi === undefined ? {} : { iscsi: { iscsiInterface: 'default', ...volume.iscsi } }),
    ...(volume.rbd === undefined
      ? {}
      : { rbd: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring', ...volume.rbd } }),
  }
}

/** 0644 in octal. */
const defaultMode = 420

const pullPolicyOf = ({ reference }: Shape<'ImageVolumeSource'>) => imagePullPolicyOf(reference ?? '')

const downwardWithDefaults = (source: Shape<'DownwardAPIVolumeSource'>): Shape<'DownwardAPIVolumeSource'> => ({
  defaultMode,
  ...source,
  ...(source.items === undefined ? {} : { items: source.items.map(downwardFileWithDefaults) }),
})

const downwardFileWithDefaults = (file: Shape<'DownwardAPIVolumeFile'>): Shape<'DownwardAPIVolumeFile'> => ({
  ...file,
  ...(file.fieldRef === undefined ? {} : { fieldRef: { apiVersion: 'v1', ...file.fieldRef } }),
  ...(file.resourceFieldRef === undefined ? {} : { resourceFieldRef: { divisor: '0', ...file.resourceFieldRef } }),
})

const projectedWithDefaults = ({
  sources,
  ...rest
}: Shape<'ProjectedVolumeSource'>): Shape<'ProjectedVolumeSource'> => ({
  defaultMode,
  ...rest,
  ...(sources === undefined
    ? (noSources as unknown as Shape<'ProjectedVolumeSource'>)
    : { sources: sources.map(projectionWithDefaults) }),
})

/** A projected volume without sources is written with `sources: null`. */
const noSources = { sources: null }

const projectionWithDefaults = (projection: Shape<'VolumeProjection'>): Shape<'VolumeProjection'> => ({
  ...projection,
  ...(projection.downwardAPI?.items === undefined
    ? {}
    : { downwardAPI: { items: projection.downwardAPI.items.map(downwardFileWithDefaults) } }),
  ...(projection.serviceAccountToken === undefined
    ? {}
    : { serviceAccountToken: { expirationSeconds: 3600, ...projection.serviceAccountToken } }),
})

const claimWithDefaults = ({
  metadata,
  spec,
}: Shape<'PersistentVolumeClaimTemplate'>): Shape<'PersistentVolumeClaimTemplate'> => ({
  metadata: metadata ?? {},
  spec: { resources: {}, volumeMode: 'Filesystem', ...spec },
})
