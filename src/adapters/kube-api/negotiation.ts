import { E } from '../../prelude.ts'
import type { ApiKind } from './api-kind.ts'
import type { Status } from './status.ts'
import type { Form } from './tables/present.ts'

/** A media range of an Accept header with its parameters, the ones wanted most first; what is wanted not at all is left out. */
type Range = { readonly type: string; readonly parameters: ReadonlyMap<string, string> }

/**
 * In which form the answer is wanted; Left: it is none that can be given. `isRead`: a collection is read, which could also be
 * watched; `isList`: the answer is a list.
 */
export const negotiate = (
  accept: string | undefined,
  kind: ApiKind,
  { isRead, isList }: { readonly isRead: boolean; readonly isList: boolean },
): E.Either<Status, Form> => {
  const ranges = rangesOf(accept ?? '')
  if (ranges.length === 0) return E.right('Object')
  for (const range of ranges) {
    const form = formOf(range)
    if (form === null) continue
    const goType = `*${kind.group === '' ? 'core' : kind.group}.${kind.kind}`
    if (form === 'PartialObjectMetadata' && isList)
      return refused(`you requested PartialObjectMetadata, but the requested object is a list (${goType}List)`)
    if (form === 'PartialObjectMetadataList' && !isList)
      return refused(`you requested PartialObjectMetadataList, but the requested object is not a list (${goType})`)
    return E.right(form)
  }
  if (ranges.some(({ type }) => isKnown(type)))
    return refused(`only the following media types are accepted: ${types.join(', ')}`)
  const available = [...types, ...(isRead ? watched : [])].join(', ')
  return refused(`406: Not Acceptable\n\nAvailable representations: ${available}`, {})
}

const refused = (message: string, details?: Record<string, never>): E.Either<Status, never> =>
  E.left({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'NotAcceptable',
    ...(details === undefined ? {} : { details }),
    code: 406,
  })

const types = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']
const watched = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch']

const rangesOf = (accept: string): ReadonlyArray<Range> =>
  accept
    .split(',')
    .filter((clause) => clause.trim() !== '')
    .map((clause) => {
      const [type = '', ...parameters] = clause.split(';').map((part) => part.trim())
      const pairs = parameters.map((part): [string, string] => {
        const [name = '', value = ''] = part.split('=')
        return [name.trim().toLowerCase(), value.trim()]
      })
      return { type: type.toLowerCase(), parameters: new Map(pairs) }
    })
    .filter(({ parameters }) => Number(parameters.get('q') ?? '1') > 0)

const isKnown = (type: string): boolean => type === '*/*' || types.includes(type)

/** Null for what is not served: another format than JSON, or a form of another kind. */
const formOf = ({ type, parameters }: Range): Form | null => {
  if (type !== '*/*' && type !== 'application/json') return null
  const [as, group, version] = ['as', 'g', 'v'].map((name) => parameters.get(name))
  if (as === undefined) return group === undefined && version === undefined ? 'Object' : null
  if (group !== 'meta.k8s.io' || version !== 'v1') return null
  return as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList' ? as : null
}
