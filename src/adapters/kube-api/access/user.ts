/** Who asks. What a user may do follows from the groups. */
export type User = {
  readonly name: string
  readonly uid: string
  readonly groups: ReadonlyArray<string>
  /** What else is told to those who ask who somebody is. */
  readonly extra?: Readonly<Record<string, ReadonlyArray<string>>>
}

/** Finds who shows a token, and who has a name; null: nobody that is known. */
export type Users = {
  /** `audience`: for whom the token must be; absent: for this server. `NotYet`: that cannot be told before the log is read. */
  readonly byToken: (token: string, audience?: string) => User | 'NotYet' | null
  readonly byName: (name: string) => User | null
}

/** For whom tokens are unless they say otherwise, and who says what those of service accounts say. */
export const ownAudience = 'https://kubernetes.default.svc.cluster.local'

export const authenticated = 'system:authenticated'

/** Somebody who may do everything, as whom the data folder belongs to. */
export const administrator = (name: string): User => ({ name, uid: '', groups: ['system:masters', authenticated] })

/** A service account as it asks: what it may do is what everybody may who is known. */
export const accountUser = (namespace: string, name: string, uid: string): User => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  uid,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, authenticated],
})

/** Whoever shows no token. */
export const anonymous: User = { name: 'system:anonymous', uid: '', groups: ['system:unauthenticated'] }

/** The group of those who can change nothing. */
export const readOnly = 'read-only'
