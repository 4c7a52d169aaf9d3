import {
  type FieldErrors,
  forbidden,
  invalid,
  invalidFor,
  notFound,
  notSupported,
  required,
  when,
} from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { relativePath } from './names.ts'

type Volumes = ReadonlyArray<Shape<'Volume'>>

/** What one container mounts, and where. */
export const volumeMounts = (at: string, container: Shape<'Container'>, volumes: Volumes): FieldErrors => {
  const seen = new Set<string>()
  const names = namesOf(volumes)
  return (container.volumeMounts ?? []).flatMap((mount, index) => {
    const { name = '', mountPath = '' } = mount
    const isRepeated = seen.has(mountPath)
    seen.add(mountPath)
    return [
      ...when(name === '', required(`${at}[${index}].name`)),
      ...when(!names.has(name), notFound(`${at}[${index}].name`, name)),
      ...when(mountPath === '', required(`${at}[${index}].mountPath`)),
      ...when(isRepeated, invalid(`${at}[${index}].mountPath`, mountPath, 'must be unique')),
      ...mountDetails(at, mount, container.securityContext?.privileged === true),
    ]
  })
}

export const volumeDevices = (
  at: string,
  devices: ReadonlyArray<Shape<'VolumeDevice'>>,
  volumes: Volumes,
): FieldErrors => {
  const names = namesOf(volumes)
  return devices.flatMap(({ name = '', devicePath = '' }, index) => [
    ...when(name === '', required(`${at}[${index}].name`)),
    ...when(!names.has(name), notFound(`${at}[${index}].name`, name)),
    ...when(devicePath === '', required(`${at}[${index}].devicePath`)),
  ])
}

const namesOf = (volumes: Volumes): ReadonlySet<string> => new Set(volumes.flatMap(({ name }) => (name ? [name] : [])))

/** The server reports these without saying which mount it is. */
const mountDetails = (at: string, mount: Shape<'VolumeMount'>, isPrivileged: boolean): FieldErrors => {
  const { subPath = '', subPathExpr = '', mountPropagation, recursiveReadOnly, readOnly } = mount
  return [
    ...invalidFor(`${at}.subPath`, subPath, relativePath(subPath)),
    ...when(
      subPath !== '' && subPathExpr !== '',
      invalid(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'),
    ),
    ...invalidFor(`${at}.subPathExpr`, subPathExpr, relativePath(subPathExpr)),
    ...when(
      mountPropagation !== undefined && !propagations.includes(mountPropagation),
      notSupported(`${at}.mountPropagation`, mountPropagation, propagations),
    ),
    ...when(
      mountPropagation === 'Bidirectional' && !isPrivileged,
      forbidden(`${at}.mountPropagation`, 'Bidirectional mount propagation is available only to privileged containers'),
    ),
    ...when(
      recursiveReadOnly !== undefined && recursiveReadOnly !== 'Disabled' && readOnly !== true,
      forbidden(`${at}.recursiveReadOnly`, 'may only be specified when readOnly is true'),
    ),
  ]
}

const propagations = ['Bidirectional', 'HostToContainer', 'None']
