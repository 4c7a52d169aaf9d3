import type { ApiFailure } from '../../application/api/resource.ts'
import { causeReason, type FieldErrors, renderCause, renderFieldError } from '../../domain/kubernetes/field-error.ts'
import { goQuote } from '../../domain/kubernetes/go-quote.ts'
import { type ApiKind, qualifiedKind, qualifiedPlural } from './api-kind.ts'

export type StatusCause = { readonly reason?: string; readonly message: string; readonly field?: string }

/** The answer of the API where it has no object to show; its fields are in the order in which Kubernetes writes them. */
export type Status = {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: { readonly continue?: string }
  readonly status: 'Success' | 'Failure'
  readonly message?: string
  readonly reason?: string
  readonly details?: {
    readonly name?: string
    readonly group?: string
    readonly kind?: string
    readonly uid?: string
    readonly causes?: ReadonlyArray<StatusCause>
    readonly retryAfterSeconds?: number
  }
  readonly code?: number
}

type Details = NonNullable<Status['details']>

const failure = (code: number, reason: string | undefined, message: string, details?: Details): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  ...(reason === undefined ? {} : { reason }),
  ...(details === undefined ? {} : { details }),
  code,
})

/** Details leave out what is empty, as those of the core group do their group. */
const about = (name: string, group: string, kind: string): Details => ({
  ...(name === '' ? {} : { name }),
  ...(group === '' ? {} : { group }),
  kind,
})

export const badRequest = (message: string): Status => failure(400, 'BadRequest', message)

export const objectNotFound = (kind: Pick<ApiKind, 'group' | 'plural'>, name: string): Status =>
  failure(404, 'NotFound', `${qualifiedPlural(kind)} ${goQuote(name)} not found`, about(name, kind.group, kind.plural))

/** A version, a resource or a subresource that is not served by a group that is. */
export const pathNotFound: Status = failure(404, 'NotFound', 'the server could not find the requested resource', {})

/** What clusters have and users ask for, though it is not advertised: nobody should look for a wrong name. */
export const partNotServed = (part: string): Status => ({
  ...pathNotFound,
  message: `${pathNotFound.message}: ${part} is not served here`,
})

export const methodNotAllowed: Status = failure(
  405,
  'MethodNotAllowed',
  'the server does not allow this method on the requested resource',
  {},
)

export const unsupportedBody: Status = failure(
  415,
  'UnsupportedMediaType',
  'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
)

export const unsupportedPatch: Status = failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})

export const tooLarge = (message: string): Status =>
  failure(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`)

export const unauthorized: Status = failure(401, 'Unauthorized', 'Unauthorized')

/** Whoever asks may not, whether there is such an object or not. */
export const refusedRequest = (message: string, details: Details = {}): Status =>
  failure(403, 'Forbidden', message, details)

/** An error to which Kubernetes gives no reason. */
export const internalError = (message: string): Status => failure(500, undefined, message)

export const forbidden = (kind: ApiKind, name: string, message: string, causes?: ReadonlyArray<StatusCause>): Status =>
  failure(403, 'Forbidden', `${qualifiedPlural(kind)} ${goQuote(name)} is forbidden: ${message}`, {
    ...about(name, kind.group, kind.plural),
    ...(causes === undefined ? {} : { causes }),
  })

/** `before`: what is to be said before that. */
export const alreadyExists = (kind: ApiKind, name: string, before = ''): Status =>
  failure(
    409,
    'AlreadyExists',
    `${before}${qualifiedPlural(kind)} ${goQuote(name)} already exists`,
    about(name, kind.group, kind.plural),
  )

/** A name that was generated is taken, and so were those tried before. */
export const noNameGenerated = (kind: ApiKind, name: string): Status =>
  failure(
    409,
    'AlreadyExists',
    `${qualifiedPlural(kind)} ${goQuote(name)} already exists, the server was not able to generate a unique name for the object`,
    { ...about(name, kind.group, kind.plural), retryAfterSeconds: 1 },
  )

/** Every error is a cause; the message tells each text once. `kind` may also be that of the options of a request. */
export const invalidObject = (
  kind: { readonly group: string; readonly kind: string },
  name: string,
  errors: FieldErrors,
): Status => {
  const texts = [...new Set(errors.map(renderFieldError))]
  const told = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  return failure(422, 'Invalid', `${qualifiedKind(kind)} ${goQuote(name)} is invalid: ${told}`, {
    ...(kind.kind === '' ? {} : about(name, kind.group, kind.kind)),
    causes: errors.map((error) => ({ reason: causeReason(error), message: renderCause(error), field: error.field })),
  })
}

export const invalidOptions = (kind: string, errors: FieldErrors): Status =>
  invalidObject({ group: 'meta.k8s.io', kind }, '', errors)

/** What a patch makes of an object cannot be read, or not strictly. */
export const invalidPatch = (patched: string, reason: string): Status =>
  invalidObject({ group: '', kind: '' }, '', [{ kind: 'Invalid', field: 'patch', value: patched, detail: reason }])

/** Nothing was done, and the same can be asked again. */
export const unavailable = (message: string): Status =>
  failure(503, 'ServiceUnavailable', message, { retryAfterSeconds: 1 })

/** The list of that version is not known any more. */
export const expired: Status = failure(410, 'Expired', 'The resourceVersion for the provided list is too old.')

/** What happened since that version is not known any more. */
export const tooOld = (version: bigint, oldest: bigint): Status =>
  failure(410, 'Expired', `too old resource version: ${version} (${oldest})`)

export const tooManyRequests = (message: string): Status =>
  failure(429, 'TooManyRequests', message, { retryAfterSeconds: 1 })

/** The pages behind this one are not known any more; with `token` the list goes on as things are now. */
export const expiredPage = (token: string): Status => ({
  ...failure(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  ),
  metadata: { continue: token },
})

export const versionTooLarge = (version: bigint, current: bigint): Status =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${version}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })

export const success = (kind: ApiKind, name: string, uid: string | undefined): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { ...about(name, kind.group, kind.plural), ...(uid === undefined ? {} : { uid }) },
})

/** Something was done that leaves no object of its own. */
export const created: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }

export const refusedBinding = (pod: string, detail: string): Status =>
  conflict('pods/binding', pod, detail, { name: pod, kind: 'pods/binding' })

/** What a refusal of a resource looks like on the wire. A deletion names the kind where other conflicts name the resource. */
export const statusOfFailure = (
  kind: ApiKind,
  name: string,
  refusal: ApiFailure,
  verb: 'create' | 'change' | 'remove',
): Status => {
  switch (refusal._tag) {
    case 'NotFound':
      return objectNotFound(kind, name)
    case 'AlreadyExists':
      return alreadyExists(kind, name)
    case 'Invalid':
      return invalidObject(kind.isInvalidAsCore === true ? { ...kind, group: '' } : kind, name, refusal.errors)
    case 'Conflict':
      return verb === 'remove'
        ? conflict(qualifiedKind(kind), name, refusal.detail, about(name, kind.group, kind.kind))
        : conflict(qualifiedPlural(kind), name, refusal.detail, about(name, kind.group, kind.plural))
    case 'ApplyConflict':
      return applyConflict(refusal.conflicts)
    case 'BadRequest':
      return badRequest(refusal.message)
    case 'Forbidden':
      return forbidden(kind, name, refusal.message)
    case 'PatchFailed':
      return failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
    case 'TooLarge':
      return tooLarge(refusal.message)
    case 'PatchMalformed':
      return internalError(refusal.message)
    case 'PatchUndecodable':
      return invalidPatch(refusal.patched, refusal.reason)
    case 'Unavailable':
      return unavailable(refusal.reason)
    case 'UnknownOutcome':
      return failure(504, 'Timeout', `nobody knows whether it was done: ${refusal.reason}`)
  }
}

export const conflict = (what: string, name: string, detail: string, details: Details): Status =>
  failure(409, 'Conflict', `Operation cannot be fulfilled on ${what} ${goQuote(name)}: ${detail}`, details)

/** Told manager by manager, in the order of their names. */
const applyConflict = (conflicts: Extract<ApiFailure, { readonly _tag: 'ApplyConflict' }>['conflicts']): Status => {
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].toSorted()
  const [only] = conflicts
  const told =
    only !== undefined && conflicts.length === 1
      ? `1 conflict: conflict with ${only.manager}: ${only.field}`
      : `${conflicts.length} conflicts: ${managers.map((manager) => conflictsWith(manager, conflicts)).join('\n')}`
  return failure(409, 'Conflict', `Apply failed with ${told}`, {
    causes: conflicts.map(({ manager, field }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${manager}`,
      field,
    })),
  })
}

const conflictsWith = (
  manager: string,
  conflicts: ReadonlyArray<{ readonly manager: string; readonly field: string }>,
): string =>
  [
    `conflicts with ${manager}:`,
    ...conflicts.filter((one) => one.manager === manager).map(({ field }) => `- ${field}`),
  ].join('\n')
