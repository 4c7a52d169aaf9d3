import type { ApiFailure, ApiObject, Resource } from '../../src/application/api/resource.ts'
import { forbidden } from '../../src/domain/kubernetes/field-error.ts'
import { E, TE } from '../../src/prelude.ts'

/** An object of the double: whatever was sent. */
export type Thing = ApiObject & {
  readonly spec?: Readonly<Record<string, unknown>>
  readonly status?: Readonly<Record<string, unknown>>
}

/**
 * A resource in memory that believes almost everything: enough to see what the API hands over. `spec.refused` makes an object
 * invalid; one with finalizers stays when it is deleted.
 */
export const resourceDouble = (): Resource<Thing> & { readonly position: () => bigint } => {
  const things = new Map<string, Thing>()
  let version = 0
  const keyOf = (namespace: string, name: string) => `${namespace}/${name}`

  const versioned = (thing: Thing, dryRun: boolean | undefined): Thing => {
    if (dryRun === true) return thing
    version += 1
    const kept = { ...thing, metadata: { ...thing.metadata, resourceVersion: `${version}` } }
    things.set(keyOf(thing.metadata.namespace ?? '', thing.metadata.name), kept)
    return kept
  }
  const refused = ({ spec }: Thing): E.Either<ApiFailure, never> | null =>
    spec?.['refused'] === undefined
      ? null
      : E.left({ _tag: 'Invalid', errors: [forbidden('spec.refused', 'not like this')] })

  return {
    position: () => BigInt(version),
    get: (namespace, name) => things.get(keyOf(namespace, name)) ?? null,
    list: (namespace) =>
      [...things.values()]
        .filter(({ metadata }) => namespace === null || metadata.namespace === namespace)
        .sort((a, b) =>
          keyOf(a.metadata.namespace ?? '', a.metadata.name) < keyOf(b.metadata.namespace ?? '', b.metadata.name)
            ? -1
            : 1,
        ),
    create: (namespace, sent, { dryRun }) => {
      const thing = sent as Thing
      if (things.has(keyOf(namespace, thing.metadata.name))) return TE.left({ _tag: 'AlreadyExists' })
      const no = refused(thing)
      if (no !== null) return TE.fromEither(no)
      const uid = `uid-of-${thing.metadata.name}`
      return TE.right(versioned({ ...thing, metadata: { ...thing.metadata, uid } }, dryRun))
    },
    change: ({ namespace, name, part }, change, { dryRun, warn }) => {
      const present = things.get(keyOf(namespace, name))
      if (present === undefined) return TE.left({ _tag: 'NotFound' })
      const wanted = change(present)
      if (E.isLeft(wanted)) return TE.left(wanted.left)
      const thing = wanted.right as Thing
      const no = refused(thing)
      if (no !== null) return TE.fromEither(no)
      if (thing.spec?.['odd'] === true) warn('that is "odd"')
      const kept =
        part === 'status' ? { spec: present.spec, status: thing.status } : { spec: thing.spec, status: present.status }
      const { spec: _spec, status: _status, ...rest } = thing
      const parts = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined))
      return TE.right(
        versioned({ ...rest, ...parts, metadata: { ...thing.metadata, uid: present.metadata.uid ?? '' } }, dryRun),
      )
    },
    remove: (namespace, name, _options, { dryRun }) => {
      const object = things.get(keyOf(namespace, name))
      if (object === undefined) return TE.left({ _tag: 'NotFound' })
      const gone = !('finalizers' in object.metadata)
      if (gone && dryRun !== true) things.delete(keyOf(namespace, name))
      return TE.right({ gone, object })
    },
  }
}
