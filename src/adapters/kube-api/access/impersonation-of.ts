import type { ApiRequest } from '../answer.ts'
import type { Attempt } from './may-do.ts'

/** The wish to be taken for somebody else (`kubectl --as`), as the headers of a request tell it; null: who asks is who is meant. */
export const impersonationOf = (headers: ApiRequest['headers']): Attempt | null => {
  const asked = Object.keys(headers).filter((name) => name.startsWith('impersonate-'))
  if (asked.length === 0) return null
  const user = headers['impersonate-user'] ?? ''
  const [, namespace = '', account = ''] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? []
  const wish = { _tag: 'OnResource', verb: 'impersonate', group: '', subresource: '' } as const
  if (account !== '') return { ...wish, resource: 'serviceaccounts', namespace, name: account }
  return user === ''
    ? { ...wish, resource: 'groups', namespace, name: headers['impersonate-group'] ?? '' }
    : { ...wish, resource: 'users', namespace, name: user }
}
