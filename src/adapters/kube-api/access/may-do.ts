import { type User, readOnly } from './user.ts'

/** What somebody wants to do, in the words of Kubernetes' authorization. An empty namespace is all of them. */
export type Attempt =
  | {
      readonly _tag: 'OnResource'
      readonly verb: string
      readonly group: string
      readonly resource: string
      /** Empty when the object itself is meant. */
      readonly subresource: string
      readonly namespace: string
      readonly name: string
    }
  | { readonly _tag: 'OnPath'; readonly verb: string; readonly path: string }

/**
 * Whether a user may: everything but to be taken for somebody else (the log tells who has done something), and those who may only read can
 * change nothing and, as with the role `view` of Kubernetes, see no Secrets.
 */
export const mayDo = ({ groups }: User, attempt: Attempt): boolean => {
  if (attempt.verb === 'impersonate') return false
  if (!groups.includes(readOnly)) return true
  if (attempt._tag === 'OnPath') return readingVerbs.includes(attempt.verb)
  const { verb, group, resource } = attempt
  if (verb === 'create' && isAboutOneself(group, resource)) return true
  return readingVerbs.includes(verb) && resource !== 'secrets' && resource !== '*'
}

/** What changes nothing. */
export const readingVerbs: ReadonlyArray<string> = ['get', 'list', 'watch']

/** Everybody may ask what they themselves may do, and who they are. */
const isAboutOneself = (group: string, resource: string): boolean => ownReviews.includes(`${resource}.${group}`)

const ownReviews = [
  'selfsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectrulesreviews.authorization.k8s.io',
  'selfsubjectreviews.authentication.k8s.io',
]
