/** Who asks. What a user may do follows from the groups. */
export type User = { readonly name: string; readonly uid: string; readonly groups: ReadonlyArray<string> }

/** Finds who shows a token, and who has a name; null: nobody that is known. */
export type Users = { readonly byToken: (token: string) => User | null; readonly byName: (name: string) => User | null }

export const authenticated = 'system:authenticated'

/** Somebody who may do everything, as whom the data folder belongs to. */
export const administrator = (name: string): User => ({ name, uid: '', groups: ['system:masters', authenticated] })

/** Whoever shows no token. */
export const anonymous: User = { name: 'system:anonymous', uid: '', groups: ['system:unauthenticated'] }

/** The group of those who can change nothing. */
export const readOnly = 'read-only'
