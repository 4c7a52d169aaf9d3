import {
  duplicate,
  type FieldErrors,
  forbidden,
  invalid,
  invalidFor,
  notSupported,
  required,
  when,
} from '../field-error.ts'
import { nanoOf } from '../quantity.ts'
import type { Shape } from '../schema.ts'
import { dnsLabel, noBackSteps } from './names.ts'
import { projected } from './projected-volume.ts'
import { downwardFile, fileMode, keysToPaths } from './volume-files.ts'

/** The volumes of a Pod. */
export const volumes = (at: string, given: ReadonlyArray<Shape<'Volume'>>): FieldErrors => {
  const seen = new Set<string>()
  return given.flatMap((volume, index) => {
    const { name = '', ...sources } = volume
    const isRepeated = name !== '' && seen.has(name)
    seen.add(name)
    const path = `${at}[${index}]`
    return [
      ...(name === '' ? [required(`${path}.name`)] : invalidFor(`${path}.name`, name, dnsLabel(name))),
      ...when(isRepeated, duplicate(`${path}.name`, name)),
      ...oneSource(path, sources),
    ]
  })
}

/** Each source after the first, in the server's order, is forbidden and not looked at. */
const oneSource = (at: string, sources: Sources): FieldErrors =>
  [
    ...sourceKinds.filter((kind) => Object.hasOwn(sources, kind)),
    ...Object.keys(sources).filter(isOfLaterKind),
  ].flatMap((kind, index) =>
    index === 0
      ? source(`${at}.${kind}`, { [kind]: sources[kind as keyof Sources] })
      : [forbidden(`${at}.${kind}`, 'may not specify more than 1 volume type')],
  )

type Sources = Omit<Shape<'Volume'>, 'name'>

const sourceKinds: ReadonlyArray<string> = ['emptyDir', 'hostPath', 'gitRepo', 'secret', 'nfs', 'persistentVolumeClaim']

const isOfLaterKind = (kind: string): boolean => !sourceKinds.includes(kind)

const source = (at: string, given: Sources): FieldErrors => [
  ...when(
    given.emptyDir?.sizeLimit !== undefined && nanoOf(given.emptyDir.sizeLimit) < 0n,
    forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'),
  ),
  ...(given.hostPath === undefined ? [] : hostPath(at, given.hostPath)),
  ...(given.configMap === undefined ? [] : configMap(at, given.configMap)),
  ...(given.secret === undefined ? [] : secret(at, given.secret)),
  ...(given.persistentVolumeClaim === undefined
    ? []
    : when(!given.persistentVolumeClaim.claimName, required(`${at}.claimName`))),
  ...(given.downwardAPI === undefined ? [] : downwardAPI(at, given.downwardAPI)),
  ...(given.projected === undefined ? [] : projected(at, given.projected)),
  ...(given.nfs === undefined ? [] : nfs(at, given.nfs)),
  ...(given.csi === undefined ? [] : when(!given.csi.driver, required(`${at}.driver`))),
  ...(given.ephemeral === undefined
    ? []
    : when(given.ephemeral.volumeClaimTemplate === undefined, required(`${at}.volumeClaimTemplate`))),
  ...(given.gitRepo === undefined ? [] : when(!given.gitRepo.repository, required(`${at}.repository`))),
]

const hostPath = (at: string, { path = '', type = '' }: Shape<'HostPathVolumeSource'>): FieldErrors => [
  ...(path === '' ? [required(`${at}.path`)] : invalidFor(`${at}.path`, path, noBackSteps(path))),
  ...when(!hostPathTypes.includes(type), notSupported(`${at}.type`, type, hostPathTypes)),
]

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

const configMap = (at: string, { name, defaultMode, items = [] }: Shape<'ConfigMapVolumeSource'>): FieldErrors => [
  ...when(!name, required(`${at}.name`)),
  ...fileMode(`${at}.defaultMode`, defaultMode),
  ...keysToPaths(`${at}.items`, items),
]

const secret = (at: string, { secretName, defaultMode, items = [] }: Shape<'SecretVolumeSource'>): FieldErrors => [
  ...when(!secretName, required(`${at}.secretName`)),
  ...fileMode(`${at}.defaultMode`, defaultMode),
  ...keysToPaths(`${at}.items`, items),
]

const downwardAPI = (at: string, { defaultMode, items = [] }: Shape<'DownwardAPIVolumeSource'>): FieldErrors => [
  ...fileMode(`${at}.defaultMode`, defaultMode),
  ...items.flatMap((file) => downwardFile(at, file)),
]

const nfs = (at: string, { server = '', path = '' }: Shape<'NFSVolumeSource'>): FieldErrors => [
  ...when(server === '', required(`${at}.server`)),
  ...when(path === '', required(`${at}.path`)),
  ...when(!path.startsWith('/'), invalid(`${at}.path`, path, 'must be an absolute path')),
]
