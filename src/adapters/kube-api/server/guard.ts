import { E } from '../../../prelude.ts'
import { healthPaths } from '../discovery.ts'
import { qualifiedPlural } from '../api-kind.ts'
import { type Route, routeOf } from '../route.ts'
import { refusedRequest, type Status, unauthorized } from '../status.ts'
import type { User, Users } from './users.ts'

/** What is known of a request before its body is read. */
export type Knock = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The address of this machine to which the client has connected. */
  readonly localAddress: string
  readonly scheme: 'http' | 'https'
}

/**
 * Who asks, or why they may not: names of this server only (a page of another name that points here is kept out), no pages of other
 * origins, a token that is known, and no changes by those who may only read. How the server is, everybody may ask.
 */
export const guard =
  (users: Users, names: ReadonlyArray<string>) =>
  ({ method, path, headers, localAddress, scheme }: Knock): E.Either<Status, User> => {
    const { host = '', origin } = headers
    if (![...names, 'localhost', '127.0.0.1', '::1', plainAddress(localAddress)].includes(nameOf(host)))
      return E.left(refusedRequest('this server does not answer to that Host'))
    if (origin !== undefined && origin !== `${scheme}://${host}`)
      return E.left(refusedRequest('this server does not answer pages of other origins'))
    if (healthPaths.includes(path) && headers['authorization'] === undefined) return E.right(nobody)
    const [, token] = /^bearer ([^\s]+)$/i.exec(headers['authorization'] ?? '') ?? []
    const user = token === undefined ? null : users(token)
    if (user === null) return E.left(unauthorized)
    return user.isReadOnly && method !== 'GET' && method !== 'HEAD'
      ? E.left(refusedRequest(mayNot(user, method, path)))
      : E.right(user)
  }

const nobody: User = { name: 'system:anonymous', isReadOnly: true }

/** Without the port, and the brackets of an address. */
const nameOf = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/^\[(.*)\]$/, '$1')

/** Of an IPv4 client on a socket for both. */
const plainAddress = (address: string): string => address.replace(/^::ffff:/, '')

/** In the words of Kubernetes. */
const mayNot = ({ name }: User, method: string, path: string): string => {
  const route = routeOf(path)
  if (E.isLeft(route))
    return `forbidden: User ${JSON.stringify(name)} cannot ${method.toLowerCase()} path ${JSON.stringify(path)}`
  const { kind } = route.right
  const named = route.right._tag === 'Object' ? ` ${JSON.stringify(route.right.name)}` : ''
  const where =
    'namespace' in route.right && route.right.namespace !== ''
      ? ` in the namespace ${JSON.stringify(route.right.namespace)}`
      : ' at the cluster scope'
  return `${qualifiedPlural(kind)}${named} is forbidden: User ${JSON.stringify(name)} cannot ${verbOf(method, route.right)} resource "${kind.plural}${partOf(route.right)}" in API group "${kind.group}"${where}`
}

const partOf = (route: Route): string => (route._tag === 'Object' && route.part !== 'main' ? `/${route.part}` : '')

const verbOf = (method: string, { _tag }: Route): string => {
  switch (method) {
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'DELETE':
      return _tag === 'Object' ? 'delete' : 'deletecollection'
    default:
      return method.toLowerCase()
  }
}
