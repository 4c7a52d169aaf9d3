import { type FieldErrors, forbidden, invalid, invalidFor, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { filePath } from './names.ts'
import { downwardFile, fileMode, keysToPaths } from './volume-files.ts'

/** A volume put together from several sources; no two may write the same path. */
export const projected = (at: string, { sources, defaultMode }: Shape<'ProjectedVolumeSource'>): FieldErrors => {
  const all = sources ?? []
  return [
    ...fileMode(`${at}.defaultMode`, defaultMode),
    ...all.flatMap((one, index) => projection(at, `${at}.sources[${index}]`, one)),
    ...conflictingPaths(at, all),
  ]
}

const projection = (volumeAt: string, at: string, one: Shape<'VolumeProjection'>): FieldErrors => {
  const [, ...more] = Object.keys(one)
  return [
    ...more.map((kind) => forbidden(`${at}.${kind}`, 'may not specify more than 1 volume type')),
    ...(one.configMap === undefined ? [] : named(`${at}.configMap`, one.configMap)),
    ...(one.secret === undefined ? [] : named(`${at}.secret`, one.secret)),
    ...(one.downwardAPI?.items ?? []).flatMap((file) => downwardFile(`${at}.downwardAPI`, file)),
    ...(one.serviceAccountToken === undefined
      ? []
      : token(volumeAt, `${at}.serviceAccountToken`, one.serviceAccountToken)),
  ]
}

const named = (at: string, { name, items = [] }: Shape<'ConfigMapProjection'>): FieldErrors => [
  ...when(!name, required(`${at}.name`)),
  ...keysToPaths(`${at}.items`, items),
]

const token = (
  volumeAt: string,
  at: string,
  { expirationSeconds = 3600, path = '' }: Shape<'ServiceAccountTokenProjection'>,
): FieldErrors => [
  ...when(
    expirationSeconds < 600,
    invalid(`${at}.expirationSeconds`, expirationSeconds, 'may not specify a duration less than 10 minutes'),
  ),
  ...when(
    expirationSeconds > 2 ** 32,
    invalid(`${at}.expirationSeconds`, expirationSeconds, 'may not specify a duration larger than 2^32 seconds'),
  ),
  ...(path === '' ? [required(`${volumeAt}.path`)] : invalidFor(`${volumeAt}.path`, path, filePath(path))),
]

const conflictingPaths = (at: string, sources: ReadonlyArray<Shape<'VolumeProjection'>>): FieldErrors => {
  const taken = new Set<string>()
  return sources.flatMap((one) => {
    const owner = one.configMap?.name ?? one.secret?.name ?? ''
    return pathsOf(one).flatMap((path) => {
      const isTaken = taken.has(path)
      taken.add(path)
      return when(isTaken, invalid(at, owner, 'conflicting duplicate paths'))
    })
  })
}

const pathsOf = (one: Shape<'VolumeProjection'>): ReadonlyArray<string> =>
  [
    ...(one.configMap?.items ?? []).map(({ path }) => path),
    ...(one.secret?.items ?? []).map(({ path }) => path),
    ...(one.downwardAPI?.items ?? []).map(({ path }) => path),
    one.serviceAccountToken?.path,
  ].filter((path) => path !== undefined)
