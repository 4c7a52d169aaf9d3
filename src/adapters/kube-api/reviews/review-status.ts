import { type FieldErrors, invalid, required } from '../../../domain/kubernetes/field-error.ts'
import { E } from '../../../prelude.ts'
import { type Attempt, mayDo, readingVerbs } from '../access/may-do.ts'
import { ownAudience, readOnly, type User, type Users } from '../access/user.ts'
import { apiKinds } from '../api-kind.ts'
import { textOf } from '../body/body-object.ts'
import { isObject, type JsonObject } from '../body/decode-object.ts'

/** Who asks. */
export const selfReview = (user: User): JsonObject => ({ userInfo: userInfo(user) })

/** Whose a token is, and for whom of those who were named. Left: none was sent. */
export const tokenReview = (spec: JsonObject, users: Users | undefined): E.Either<string, JsonObject> => {
  const token = textOf(spec['token'])
  if (token === '') return E.left('token is required for TokenReview in authentication')
  const named = Array.isArray(spec['audiences']) ? spec['audiences'].map(textOf) : []
  const found = (named.length === 0 ? [ownAudience] : named).flatMap((audience) => {
    const user = users?.byToken(token, audience) ?? null
    return user === null || user === 'NotYet' ? [] : [{ user, audience }]
  })
  const [first] = found
  return E.right(
    first === undefined
      ? { user: {}, error: 'invalid bearer token' }
      : { authenticated: true, user: userInfo(first.user), audiences: found.map(({ audience }) => audience) },
  )
}

const userInfo = ({ name, uid, groups, extra }: User): JsonObject => ({
  username: name,
  ...(uid === '' ? {} : { uid }),
  groups,
  ...(extra === undefined ? {} : { extra }),
})

/** All that a user may do in a namespace, where everywhere is alike. Left: none was named. */
export const rulesReview = (spec: JsonObject, { groups }: User): E.Either<string, JsonObject> => {
  if (textOf(spec['namespace']) === '') return E.left('no namespace on request')
  return E.right(
    groups.includes(readOnly)
      ? {
          resourceRules: [...rulesOfReaders(), ...rulesAboutOneself],
          nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['*'] }],
          incomplete: false,
        }
      : {
          resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
          nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
          incomplete: false,
        },
  )
}

const rulesOfReaders = (): ReadonlyArray<JsonObject> => {
  const kinds = Object.values(apiKinds).filter(({ plural }) => String(plural) !== 'secrets')
  const pluralsOf = (group: string) => new Set(kinds.filter((kind) => kind.group === group).map(({ plural }) => plural))
  return [...new Set(kinds.map(({ group }) => group))].map((group) => ({
    verbs: readingVerbs,
    apiGroups: [group],
    resources: [...pluralsOf(group)].flatMap((plural) => [plural, `${plural}/*`]),
  }))
}

const rulesAboutOneself = [
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
]

/**
 * Whether the one who asks (`self`), or somebody whom the spec names, may do what it says. Whom nobody knows may do nothing, unless the
 * spec names a group that may.
 */
export const accessReview = (spec: JsonObject, self: User | null, users?: Users): E.Either<FieldErrors, JsonObject> => {
  const onResource = spec['resourceAttributes']
  const onPath = spec['nonResourceAttributes']
  const errors: FieldErrors = [
    ...(isObject(onResource) && isObject(onPath)
      ? [invalid('spec.nonResourceAttributes', onPath, 'cannot be specified in combination with resourceAttributes')]
      : []),
    ...(isObject(onResource) || isObject(onPath)
      ? []
      : [
          required(
            'spec.resourceAttributes',
            'at least one of nonResourceAttributes or resourceAttributes must be specified',
          ),
        ]),
    ...(self === null && textOf(spec['user']) === '' && groupsOf(spec).length === 0
      ? [required('spec.user', 'at least one of user or group must be specified')]
      : []),
  ]
  if (errors.length > 0) return E.left(errors)
  const user = self ?? userOf(spec, users)
  const attempt = attemptOf(isObject(onResource) ? onResource : {}, isObject(onPath) ? onPath : null)
  return E.right({ allowed: user !== null && mayDo(user, attempt) })
}

const groupsOf = (spec: JsonObject): ReadonlyArray<unknown> => (Array.isArray(spec['groups']) ? spec['groups'] : [])

const userOf = (spec: JsonObject, users: Users | undefined): User | null => {
  const name = textOf(spec['user'])
  const groups = groupsOf(spec).map(textOf)
  const known = users?.byName(name) ?? null
  if (known !== null) return { ...known, groups: [...known.groups, ...groups] }
  return groups.some((group) => group === readOnly || group === 'system:masters') ? { name, uid: '', groups } : null
}

const attemptOf = (onResource: JsonObject, onPath: JsonObject | null): Attempt => {
  if (onPath !== null) return { _tag: 'OnPath', verb: textOf(onPath['verb']), path: textOf(onPath['path']) }
  const said = (field: string): string => textOf(onResource[field])
  return {
    _tag: 'OnResource',
    verb: said('verb'),
    group: said('group'),
    resource: said('resource'),
    subresource: said('subresource'),
    namespace: said('namespace'),
    name: said('name'),
  }
}
