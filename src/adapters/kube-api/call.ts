import type { Asked, Resource } from '../../application/api/resource.ts'
import type { Entropy } from '../../application/ports/entropy.ts'
import type { E } from '../../prelude.ts'
import type { ApiAnswer, ApiRequest } from './answer.ts'
import type { Action, ApiKind, ResourceName } from './api-kind.ts'
import type { Snapshots } from './lists/snapshots.ts'
import type { Status } from './status.ts'
import type { Shape } from './tables/present.ts'

export type ServedResources = { readonly [Name in ResourceName]?: Resource }

/** Answers requests for what can be done under the addresses of objects, by the name in their list: `pods/log`. What is absent is not served. */
export type ServedActions = Readonly<Record<string, AnswerAction>>

export type AnswerAction = (
  call: Call,
  at: { readonly namespace: string; readonly name: string; readonly action: Action },
) => ApiAnswer | Promise<ApiAnswer>

/** A request on a resource, with what is needed to answer it. */
export type Call = {
  readonly kind: ApiKind
  readonly resource: Resource
  readonly name: ResourceName
  readonly shape: Shape
  readonly now: () => number
  readonly request: ApiRequest
  readonly entropy: Entropy
  readonly position: () => bigint
  /** Where it can be asked which namespaces there are; null when every namespace will do. */
  readonly namespaces: Resource | null
  readonly readYaml: YamlReader | null
  readonly snapshots: Snapshots
  /** The resource as it was at a version. Left: why it cannot be told. */
  readonly past: (version: bigint) => Promise<E.Either<Status, Resource>>
}

/** What was served when this was the last position of the log; null: the log cannot be read now. */
export type PastAt = (position: bigint) => Promise<ServedResources | null>

export type YamlReader = (text: string) => E.Either<string, unknown>

/** Where an object is, and which part of it is meant. */
export type ObjectPlace = {
  readonly namespace: string
  readonly name: string
  readonly part: 'main' | 'status' | 'scale'
}

/** The text of the body; bytes that are no UTF-8 are replaced, as Go replaces them. */
export const bodyText = ({ request }: Pick<Call, 'request'>): string => utf8.decode(request.body)

const utf8 = new TextDecoder()

/** The media type of the body without its parameters; empty when it is not told. */
export const mediaType = ({ request }: Pick<Call, 'request'>): string =>
  (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase()

/** Who asks, with a list that takes the warnings of the resource. */
export const askedBy = ({ request }: Call, warnings: string[], dryRun: boolean): Asked => {
  const agent = request.headers['user-agent']
  return {
    actor: { kind: 'user', name: request.user.name, ...(agent === undefined ? {} : { agent }) },
    warn: (text) => void warnings.push(text),
    dryRun,
  }
}
