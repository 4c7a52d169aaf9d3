import { type ApiKind, groupVersion } from '../api-kind.ts'
import { scaleKind } from '../scale.ts'
import type { KindName } from './schemas.ts'

/** By address, how an object can be patched: all that clients look for there. */
export type OpenApiPaths = Readonly<Record<string, { readonly patch: OpenApiPatch }>>

export type OpenApiPatch = {
  readonly operationId: string
  readonly 'x-kubernetes-action': 'patch'
  readonly 'x-kubernetes-group-version-kind': KindName
  readonly parameters: ReadonlyArray<{
    readonly name: string
    readonly in: 'query'
  }>
  readonly responses: { readonly '200': { readonly description: string } }
}

/** Clients look for the patches of a kind to learn with which options they may write. */
export const pathsOf = (kinds: ReadonlyArray<ApiKind>): OpenApiPaths =>
  Object.fromEntries(
    kinds.flatMap((kind) => {
      const objects = `/${placeOf(kind)}/${kind.isNamespaced ? 'namespaces/{namespace}/' : ''}${kind.plural}/{name}`
      return [
        [objects, { patch: patchOf(kind, kind, '') }] as const,
        ...kind.subresources.map(
          (part) =>
            [`${objects}/${part}`, { patch: patchOf(kind, part === 'scale' ? scaleKind : kind, part) }] as const,
        ),
      ]
    }),
  )

/** `api/v1`, `apis/batch/v1`: where the kinds of a group and version are. */
export const placeOf = (kind: Pick<ApiKind, 'group' | 'version'>): string =>
  `${kind.group === '' ? 'api' : 'apis'}/${groupVersion(kind)}`

const patchOf = (of: ApiKind, { group, version, kind }: KindName, part: string): OpenApiPatch => {
  const place = [of.group === '' ? 'core' : (of.group.split('.')[0] ?? ''), of.version].map(capital).join('')
  return {
    operationId: `patch${place}${of.isNamespaced ? 'Namespaced' : ''}${of.kind}${capital(part)}`,
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group, version, kind },
    parameters: ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({ name, in: 'query' })),
    responses: { '200': { description: 'OK' } },
  }
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
