import { E } from '../../../prelude.ts'
import type { Users } from '../access/user.ts'
import { type ApiAnswer, type ApiRequest, jsonAnswer, noSuchPage, statusAnswer } from '../answer.ts'
import { bodyObject } from '../body/body-object.ts'
import { type JsonObject, isObject } from '../body/decode-object.ts'
import type { YamlReader } from '../call.ts'
import { writeOptions } from '../options/write-options.ts'
import { badRequest, invalidObject, methodNotAllowed, pathNotFound, type Status } from '../status.ts'
import { type ReviewKind, reviewGroups, reviewKinds } from './review-kinds.ts'
import { accessReview, rulesReview, selfReview, tokenReview } from './review-status.ts'

/**
 * Answers who somebody is and what that user may do: the review as it was sent, with its status. A denial is an answer, too. Null: the
 * request is about something else. `users` tells about others than the one who asks.
 */
export const answerReview = (
  request: ApiRequest,
  { users, readYaml }: { readonly users?: Users | undefined; readonly readYaml?: YamlReader | undefined },
): ApiAnswer | null => {
  const [root, group = '', version, plural, ...more] = request.path.replace(/\/$/, '').split('/').slice(1)
  if (root !== 'apis' || !reviewGroups.includes(group)) return null
  if (version === undefined) return noSuchPage
  const known = reviewKinds.find((one) => one.group === group && one.plural === plural)
  if (known === undefined || !versionsOf(known).includes(version) || more.length > 0) return statusAnswer(pathNotFound)
  const kind = { ...known, version }
  if (request.method !== 'POST') return statusAnswer(methodNotAllowed)
  const options = writeOptions('CreateOptions', request.query)
  if (E.isLeft(options)) return statusAnswer(options.left)
  const body = bodyObject({ request, readYaml: readYaml ?? null }, kind, options.right)
  if (E.isLeft(body)) return body.left
  const { value, warnings } = body.right
  const spec = isObject(value['spec']) ? value['spec'] : {}
  const status = statusOf(kind, spec, request, users)
  return E.isLeft(status)
    ? statusAnswer(status.left, warnings)
    : jsonAnswer(
        201,
        {
          kind: kind.kind,
          apiVersion: `${kind.group}/${kind.version}`,
          metadata: { creationTimestamp: null },
          ...(kind.kind === 'SelfSubjectReview' ? {} : { spec }),
          status: status.right,
        },
        warnings,
      )
}

/** kubectl 1.27 asks who it is before that was stable. */
const versionsOf = ({ kind }: ReviewKind): ReadonlyArray<string> =>
  kind === 'SelfSubjectReview' ? ['v1', 'v1beta1'] : ['v1']

const statusOf = (
  kind: ReviewKind,
  spec: JsonObject,
  { user }: ApiRequest,
  users: Users | undefined,
): E.Either<Status, JsonObject> => {
  const invalid = E.mapLeft((errors: Parameters<typeof invalidObject>[2]) => invalidObject(kind, '', errors))
  switch (kind.kind) {
    case 'SelfSubjectReview':
      return E.right(selfReview(user))
    case 'TokenReview':
      return E.mapLeft(badRequest)(tokenReview(spec, users))
    case 'SelfSubjectRulesReview':
      return E.mapLeft(badRequest)(rulesReview(spec, user))
    case 'SelfSubjectAccessReview':
      return invalid(accessReview(spec, user))
    default:
      return invalid(accessReview(spec, null, users))
  }
}
