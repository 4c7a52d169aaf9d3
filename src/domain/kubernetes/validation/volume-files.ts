import { type FieldErrors, invalid, invalidFor, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { resourceFieldRef } from './env.ts'
import { fieldRef } from './field-ref.ts'
import { filePath } from './names.ts'

/** A file that tells a field of the Pod. The server reports its faults without saying which file of the list it is. */
export const downwardFile = (at: string, file: Shape<'DownwardAPIVolumeFile'>): FieldErrors => {
  const { path = '', fieldRef: field, resourceFieldRef: resource, mode } = file
  return [
    ...(path === '' ? [required(`${at}.path`)] : invalidFor(`${at}.path`, path, filePath(path))),
    ...(field === undefined ? [] : fieldRef(`${at}.fieldRef`, field, 'file')),
    ...when(
      field !== undefined && resource !== undefined,
      invalid(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'),
    ),
    ...(field !== undefined || resource === undefined ? [] : fileResource(`${at}.resourceFieldRef`, resource)),
    ...when(
      field === undefined && resource === undefined,
      required(at, 'one of fieldRef and resourceFieldRef is required'),
    ),
    ...fileMode(`${at}.mode`, mode),
  ]
}

/** A file belongs to no container, so it must say of which one it tells. */
const fileResource = (at: string, resource: Shape<'ResourceFieldSelector'>): FieldErrors =>
  resource.containerName ? resourceFieldRef(at, resource) : [required(`${at}.containerName`)]

export const keysToPaths = (at: string, items: ReadonlyArray<Shape<'KeyToPath'>>): FieldErrors =>
  items.flatMap(({ key = '', path = '', mode }, index) => [
    ...when(key === '', required(`${at}[${index}].key`)),
    ...(path === '' ? [required(`${at}[${index}].path`)] : invalidFor(`${at}[${index}].path`, path, filePath(path))),
    ...fileMode(`${at}[${index}].mode`, mode),
  ])

export const fileMode = (at: string, mode: number | undefined): FieldErrors =>
  when(
    mode !== undefined && (mode < 0 || mode > 0o777),
    invalid(at, mode, 'must be a number between 0 and 0777 (octal), both inclusive'),
  )
