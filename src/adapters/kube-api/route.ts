import { E } from '../../prelude.ts'
import { type Action, type ApiKind, apiKinds, type ResourceName } from './api-kind.ts'

/** What the path of a request leads to. */
export type Route =
  | { readonly _tag: 'Collection'; readonly resource: ResourceName; readonly kind: ApiKind; readonly namespace: string }
  /** Of all namespaces: to be read only. */
  | { readonly _tag: 'Everywhere'; readonly resource: ResourceName; readonly kind: ApiKind }
  | {
      readonly _tag: 'Object'
      readonly resource: ResourceName
      readonly kind: ApiKind
      readonly namespace: string
      readonly name: string
      readonly part: 'main' | 'status' | 'scale'
    }
  | {
      readonly _tag: 'Action'
      readonly resource: ResourceName
      readonly kind: ApiKind
      readonly namespace: string
      readonly name: string
      readonly action: Action
    }

/** Left: no page at all, or no resource within a group that is served. The namespace of what has none is empty. */
export const routeOf = (path: string): E.Either<'NoPage' | 'NoResource', Route> => {
  const segments = segmentsOf(path)
  if (segments === null) return E.left('NoPage')
  const [root, ...behind] = segments
  const [group, version, rest] =
    root === 'api' ? ['', behind[0], behind.slice(1)] : root === 'apis' ? [behind[0], behind[1], behind.slice(2)] : []
  if (group === undefined || version === undefined || rest === undefined || !groups.has(group)) return E.left('NoPage')
  return within(`${group}/${version}`, rest)
}

const groups = new Set<string>(Object.values(apiKinds).map(({ group }) => group))

const segmentsOf = (path: string): ReadonlyArray<string> | null => {
  try {
    return path.replace(/\/$/, '').split('/').slice(1).map(decodeURIComponent)
  } catch {
    return null
  }
}

const nothing = E.left('NoResource' as const)

/** `place`: a group and a version of it. */
const within = (place: string, segments: ReadonlyArray<string>): E.Either<'NoResource', Route> => {
  const [first = '', namespace = '', plural, ...rest] = segments
  const isInNamespace = first === 'namespaces' && plural !== undefined && !ofNamespaces.includes(plural)
  const [resource, kind] = kindOf(place, isInNamespace ? plural : first) ?? []
  if (resource === undefined || kind === undefined || segments.includes('')) return nothing
  const [name, part = 'main', ...more] = isInNamespace ? rest : segments.slice(1)
  if (more.length > 0 || isInNamespace !== (kind.isNamespaced && segments.length > 1)) return nothing
  if (name === undefined)
    return E.right(
      kind.isNamespaced && !isInNamespace
        ? { _tag: 'Everywhere', resource, kind }
        : { _tag: 'Collection', resource, kind, namespace: isInNamespace ? namespace : '' },
    )
  const at = { resource, kind, namespace: isInNamespace ? namespace : '', name }
  const action = kind.actions?.find((one) => one.name === part)
  if (action !== undefined) return E.right({ _tag: 'Action', ...at, action })
  if (part !== 'main' && !kind.subresources.some((one) => one === part)) return nothing
  return E.right({ _tag: 'Object', ...at, part: part === 'status' || part === 'scale' ? part : 'main' })
}

/** What stands behind the name of a namespace and is a part of it, not a resource in it. */
const ofNamespaces = ['status', 'finalize']

const kindOf = (place: string, plural: string): readonly [ResourceName, ApiKind] | undefined =>
  kinds.get(`${place}/${plural}`)

const kinds = new Map(
  (Object.entries(apiKinds) as ReadonlyArray<readonly [ResourceName, ApiKind]>).map((one) => [
    `${one[1].group}/${one[1].version}/${one[1].plural}`,
    one,
  ]),
)
