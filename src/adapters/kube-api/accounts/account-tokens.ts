import type { Entropy } from '../../../application/ports/entropy.ts'
import { accountUser, ownAudience, type User, type Users } from '../access/user.ts'
import { type Claims, claimsOf, signedToken } from './signed-token.ts'

/** What a token of an account may be bound to besides: it ends when that does. */
export const boundKinds = ['Pod', 'Secret', 'Node'] as const
export type BoundKind = (typeof boundKinds)[number]

/** The uid of an object that is there; null: it is not, or its time is over. */
export type UidOf = (kind: 'ServiceAccount' | BoundKind, namespace: string, name: string) => string | null

export type TokenWish = {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly audiences: ReadonlyArray<string>
  readonly seconds: number
  readonly bound: { readonly kind: BoundKind; readonly name: string; readonly uid: string } | null
}

export type AccountTokens = Users & {
  /** A new token of an account, and when it ends: epoch milliseconds. */
  readonly issue: (wish: TokenWish) => { readonly token: string; readonly issuedAt: number; readonly expiresAt: number }
  /** From now on it is known which accounts there are. */
  readonly open: (uidOf: UidOf) => void
}

/**
 * Tokens of service accounts: signed with a key, valid until they end, as long as the account that asked for them is there. None is
 * stored.
 */
export const accountTokens = ({
  key,
  now,
  entropy,
}: {
  readonly key: string
  readonly now: () => number
  readonly entropy: Pick<Entropy, 'uuid'>
}): AccountTokens => {
  let known: UidOf | null = null
  const seconds = (): number => Math.floor(now() / 1000)

  const isValid = (claims: Claims, audience: string): boolean =>
    claims.iss === ownAudience &&
    claims.aud.includes(audience) &&
    seconds() < claims.exp &&
    claims.nbf <= seconds() + clockStepSeconds

  return {
    issue: ({ namespace, name, uid, audiences, seconds: life, bound }) => {
      const issuedAt = seconds()
      const place = bound === null ? {} : { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } }
      const token = signedToken(key, {
        aud: [...audiences],
        exp: issuedAt + life,
        iat: issuedAt,
        iss: ownAudience,
        jti: entropy.uuid(),
        'kubernetes.io': { namespace, serviceaccount: { name, uid }, ...place },
        nbf: issuedAt,
        sub: accountUser(namespace, name, uid).name,
      })
      return { token, issuedAt: issuedAt * 1000, expiresAt: (issuedAt + life) * 1000 }
    },
    byToken: (token, audience = ownAudience) => {
      const claims = claimsOf(key, token)
      if (claims === null || !isValid(claims, audience)) return null
      if (known === null) return 'NotYet'
      return areThere(claims, known) ? userOf(claims) : null
    },
    byName: (name) => {
      const [, namespace = '', account = ''] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? []
      const uid = known?.('ServiceAccount', namespace, account) ?? null
      return uid === null ? null : accountUser(namespace, account, uid)
    },
    open: (uidOf) => {
      known = uidOf
    },
  }
}

/** The clock of a machine may be put back by so much without anybody being refused. */
const clockStepSeconds = 60

const areThere = (
  { 'kubernetes.io': { namespace, serviceaccount, pod, secret, node } }: Claims,
  uidOf: UidOf,
): boolean =>
  uidOf('ServiceAccount', namespace, serviceaccount.name) === serviceaccount.uid &&
  (pod === undefined || uidOf('Pod', namespace, pod.name) === pod.uid) &&
  (secret === undefined || uidOf('Secret', namespace, secret.name) === secret.uid) &&
  (node === undefined || uidOf('Node', '', node.name) === node.uid)

/** What else is known of the user is told as Kubernetes tells it. */
const userOf = ({ jti, 'kubernetes.io': { namespace, serviceaccount, pod, node } }: Claims): User => ({
  ...accountUser(namespace, serviceaccount.name, serviceaccount.uid),
  extra: {
    'authentication.kubernetes.io/credential-id': [`JTI=${jti}`],
    ...(node && {
      'authentication.kubernetes.io/node-name': [node.name],
      'authentication.kubernetes.io/node-uid': [node.uid],
    }),
    ...(pod && {
      'authentication.kubernetes.io/pod-name': [pod.name],
      'authentication.kubernetes.io/pod-uid': [pod.uid],
    }),
  },
})
