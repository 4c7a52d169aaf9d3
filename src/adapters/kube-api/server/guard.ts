import { E } from '../../../prelude.ts'
import { impersonationOf } from '../access/impersonation-of.ts'
import { type Attempt, mayDo } from '../access/may-do.ts'
import { mayNot } from '../access/may-not.ts'
import { anonymous, type User, type Users } from '../access/user.ts'
import { refusedRequest, type Status, unauthorized, unavailable } from '../status.ts'
import { shownToken } from './shown-token.ts'

/** What is known of a request before its body is read. */
export type Knock = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The address of this machine to which the client has connected. */
  readonly localAddress: string
  readonly scheme: 'http' | 'https'
  /** What it wants to do, as its address tells. */
  readonly attempt: Attempt
}

export type GuardOptions = {
  readonly users: Users
  /** Names besides localhost, loopback addresses and the address that was connected to. */
  readonly names: ReadonlyArray<string>
  /** Whether somebody without a token may do everything over plain HTTP, which this machine alone can reach. */
  readonly anonymousMay: boolean
}

/**
 * Who asks, or why they may not: names of this server only (a page of another name that points here is kept out), no pages of other
 * origins, a token that is known, no wish to be taken for somebody else, and nothing that the user may not do. How the server is, everybody may ask.
 */
export const guard =
  ({ users, names, anonymousMay }: GuardOptions) =>
  (knock: Knock): E.Either<Status, User> => {
    const { path, headers, scheme, attempt } = knock
    const host = headers['host'] ?? ''
    if (![...names, 'localhost', '127.0.0.1', '::1', plainAddress(knock.localAddress)].includes(nameOf(host) ?? ''))
      return E.left(refusedRequest('this server does not answer to that Host'))
    if (!isOfOurOrigin(knock, host)) return E.left(refusedRequest('this server does not answer pages of other origins'))
    const shown = shownToken(headers)
    if (shown === null && isPublic(path)) return E.right(anonymous)
    if (shown === null && !(anonymousMay && scheme === 'http')) return E.left(unauthorized)
    const user = shown === null ? anonymous : users.byToken(shown)
    if (user === null) return E.left(unauthorized)
    if (user === 'NotYet')
      return E.left(unavailable('the server is starting: it does not know its service accounts yet'))
    const refused = [impersonationOf(headers), attempt].find((one) => one !== null && !mayDo(user, one))
    return refused ? E.left(mayNot(user, refused)) : E.right(user)
  }

/** Browsers tell from where a page asks, with more requests than they tell an origin. */
const isOfOurOrigin = ({ headers, scheme }: Knock, host: string): boolean => {
  const { origin } = headers
  return (
    (origin === undefined || origin === `${scheme}://${host}`) &&
    ['same-origin', 'none'].includes(headers['sec-fetch-site'] ?? 'none')
  )
}

/** What Kubernetes, too, tells everybody. */
const isPublic = (path: string): boolean => /^\/(?:(?:healthz|livez|readyz)(?:\/[\w-]*)?|version\/?)$/.test(path)

/** Without the port, and the brackets of an address; null when it cannot be the name of a host. */
const nameOf = (host: string): string | null => {
  const [, address, name, port = '0'] =
    /^(?:\[([\da-f:]+)\]|([\da-z.-]+))(?::(\d{1,5}))?$/.exec(host.toLowerCase()) ?? []
  return Number(port) > 65_535 ? null : (address ?? name ?? null)
}

/** Of an IPv4 client on a socket for both. */
const plainAddress = (address: string): string => address.replace(/^::ffff:/, '')
