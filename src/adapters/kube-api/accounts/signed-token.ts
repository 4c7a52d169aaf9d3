import { createHmac, timingSafeEqual } from 'node:crypto'
import * as t from 'io-ts'
import { E } from '../../../prelude.ts'

/** An object by its name, as long as it is the same one. */
const Named = t.type({ name: t.string, uid: t.string }, 'Named')

/** What a token of a service account says, as those of Kubernetes do; times are seconds since 1970. */
const Claims = t.type(
  {
    aud: t.array(t.string),
    exp: t.number,
    iat: t.number,
    iss: t.string,
    jti: t.string,
    nbf: t.number,
    sub: t.string,
    'kubernetes.io': t.intersection([
      t.type({ namespace: t.string, serviceaccount: Named }),
      t.partial({ pod: Named, secret: Named, node: Named }),
    ]),
  },
  'Claims',
)
export type Claims = t.TypeOf<typeof Claims>

/** The claims as a JSON Web Token that only who has the key can make. */
export const signedToken = (key: string, claims: Claims): string => {
  const told = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  return `${told}.${signatureOf(key, told).toString('base64url')}`
}

/** What a token says; null: it was not signed with this key. Whether that still holds is for the caller to say. */
export const claimsOf = (key: string, token: string): Claims | null => {
  const [first, second = '', third = '', ...more] = token.split('.')
  if (first !== header || more.length > 0) return null
  const shown = Buffer.from(third, 'base64url')
  const expected = signatureOf(key, `${first}.${second}`)
  if (shown.length !== expected.length || !timingSafeEqual(shown, expected)) return null
  const claims = Claims.decode(JSON.parse(Buffer.from(second, 'base64url').toString()))
  return E.isRight(claims) ? claims.right : null
}

/** The only one: nobody else chooses how a token is to be checked. */
const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url')

const signatureOf = (key: string, told: string): Buffer => createHmac('sha256', key).update(told).digest()
