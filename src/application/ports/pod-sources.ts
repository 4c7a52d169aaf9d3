import { E } from '../../prelude.ts'

export type SourceKind = 'configmap' | 'secret'

/** Values under their keys; what is no text stands apart, for files only. */
export type SourceValues = {
  readonly texts: ReadonlyMap<string, string>
  readonly bytes: ReadonlyMap<string, Uint8Array>
}

/** Where Pods find the values of ConfigMaps and Secrets, as they are now. Left: why there are none, as a kubelet says it. */
export type PodSources = (kind: SourceKind, namespace: string, name: string) => E.Either<NoSource, SourceValues>

/** A reference may be content with something that is `absent`. */
export type NoSource = { readonly isAbsent: boolean; readonly message: string }

/** For whoever runs Pods where there are no such objects. */
export const noSources: PodSources = (kind, _, name) =>
  E.left({ isAbsent: true, message: `${kind} "${name}" not found` })
