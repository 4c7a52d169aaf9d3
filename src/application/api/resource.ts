import type { FieldErrors } from '../../domain/kubernetes/field-error.ts'
import type { E, TE } from '../../prelude.ts'
import type { Actor } from '../../projections/recorded.ts'

/** What every object of the API has. */
export type ApiObject = {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
    readonly resourceVersion?: string
    readonly creationTimestamp?: string
    readonly deletionTimestamp?: string
    readonly finalizers?: ReadonlyArray<string>
    readonly ownerReferences?: ReadonlyArray<unknown>
    readonly labels?: Readonly<Record<string, string>>
  }
}

/** Why a request on an object is refused; the HTTP adapter turns each into its Kubernetes `Status`. */
export type ApiFailure =
  | { readonly _tag: 'NotFound' }
  | { readonly _tag: 'AlreadyExists' }
  /** All errors of the request, in the order of their rules. */
  | { readonly _tag: 'Invalid'; readonly errors: FieldErrors }
  /** The object has changed since, or a precondition does not hold; `detail` as Kubernetes says it. */
  | { readonly _tag: 'Conflict'; readonly detail: string }
  | { readonly _tag: 'BadRequest'; readonly message: string }
  /** `message` says why, as it stands behind `is forbidden: `. */
  | { readonly _tag: 'Forbidden'; readonly message: string }
  /** Others manage fields that are to be applied with other values; `manager` as Kubernetes names them. */
  | {
      readonly _tag: 'ApplyConflict'
      readonly conflicts: ReadonlyArray<{ readonly manager: string; readonly field: string }>
    }
  /** A patch does not fit the object as it stands: a test failed, a path is not there. */
  | { readonly _tag: 'PatchFailed' }
  /** More is asked for than is done at once; `message` says how much that would be. */
  | { readonly _tag: 'TooLarge'; readonly message: string }
  /** A patch contradicts itself or says what nobody understands. */
  | { readonly _tag: 'PatchMalformed'; readonly message: string }
  /** What a patch makes of the object cannot be read as one; `patched` is its JSON, `reason` what the decoder says. */
  | { readonly _tag: 'PatchUndecodable'; readonly patched: string; readonly reason: string }
  /** The log cannot be written to now: nothing was recorded. */
  | { readonly _tag: 'Unavailable'; readonly reason: string }
  /** It may be recorded or not; asking again without looking first may do it twice. */
  | { readonly _tag: 'UnknownOutcome'; readonly reason: string }

/** A client's options of a deletion; what is absent takes the resource's default. The caller has compared the preconditions. */
export type DeleteOptions = {
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan'
  readonly graceSeconds?: number
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}

/** Who asks, and the warnings that the answer carries. With `dryRun` everything is done but the recording. */
export type Asked = { readonly actor: Actor; readonly warn: (text: string) => void; readonly dryRun?: boolean }

/** What a deletion left: the object as it waits for its end, or (`gone`) as it last was. */
export type Removed<A> = { readonly gone: boolean; readonly object: A }

/**
 * One kind of object as the API serves it. Answers come when the change can be read back. `A` is the object as clients see
 * it; objects handed in are as clients sent them, past their JSON.
 */
export type Resource<A extends ApiObject = ApiObject> = {
  readonly get: (namespace: string, name: string) => A | null
  /** What a client sent as it is read: defaults filled in that do not depend on who asks; absent: nothing is. */
  readonly withDefaults?: (sent: unknown) => unknown
  /** Of one namespace, or of all (null), in the order of namespace and name. */
  readonly list: (namespace: string | null) => ReadonlyArray<A>
  /**
   * Applies defaults, validates, records. `metadata.namespace` is set, and so is `metadata.name` where the caller could generate it:
   * without either name the object is invalid.
   */
  readonly create?: (namespace: string, sent: unknown, asked: Asked) => TE.TaskEither<ApiFailure, A>
  /**
   * Read, change, validate, record: done again from the reading when somebody else was faster. `change` makes the object that
   * is wanted from the present one (a PUT ignores that, a PATCH is applied to it), or refuses; it has compared name, uid and
   * resourceVersion. What only the server may set is the resource's, whatever the wanted object says. `part`: which fields may
   * change.
   */
  readonly change?: (
    at: { readonly namespace: string; readonly name: string; readonly part: 'main' | 'status' },
    change: (present: A) => E.Either<ApiFailure, unknown>,
    asked: Asked,
  ) => TE.TaskEither<ApiFailure, A>
  readonly remove?: (
    namespace: string,
    name: string,
    options: DeleteOptions,
    asked: Asked,
  ) => TE.TaskEither<ApiFailure, Removed<A>>
}
