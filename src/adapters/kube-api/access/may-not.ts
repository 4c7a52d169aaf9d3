import { refusedRequest, type Status } from '../status.ts'
import type { Attempt } from './may-do.ts'
import type { User } from './user.ts'

/** Why a user is refused, in the words of Kubernetes. */
export const mayNot = ({ name: user }: User, attempt: Attempt): Status => {
  const who = `User ${JSON.stringify(user)} cannot ${attempt.verb}`
  if (attempt._tag === 'OnPath') return refusedRequest(`forbidden: ${who} path ${JSON.stringify(attempt.path)}`)
  const { group, resource, subresource, namespace, name } = attempt
  const what = group === '' ? resource : `${resource}.${group}`
  const named = name === '' ? '' : ` ${JSON.stringify(name)}`
  const part = subresource === '' ? resource : `${resource}/${subresource}`
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`
  return refusedRequest(
    `${what}${named} is forbidden: ${who} resource ${JSON.stringify(part)} in API group ${JSON.stringify(group)} ${where}`,
    { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource },
  )
}
