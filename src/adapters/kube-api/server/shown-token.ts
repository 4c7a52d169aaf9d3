/**
 * The token that a request shows, which may be none that anybody has; null when it shows none. A WebSocket, which browsers open without
 * headers of their own, shows it among the protocols that it offers, as long as there is another one.
 */
export const shownToken = (headers: Readonly<Record<string, string | undefined>>): string | null => {
  const { authorization } = headers
  if (authorization !== undefined) return /^bearer ([^\s]+)$/i.exec(authorization)?.[1] ?? ''
  const offered = protocolsOf(headers['sec-websocket-protocol'])
  const tokens = offered.filter(isToken)
  if (headers['upgrade']?.toLowerCase() !== 'websocket' || tokens.length === 0) return null
  return tokens.length > 1 || offered.length === 1 ? '' : decoded(tokens[0] ?? '')
}

/** The protocols that a WebSocket offers, without the one that is a token: of these the server chooses. */
export const offeredProtocols = (header: string | undefined): ReadonlyArray<string> =>
  protocolsOf(header).filter((protocol) => !isToken(protocol))

const protocolsOf = (header = ''): ReadonlyArray<string> =>
  header
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== '')

const prefix = 'base64url.bearer.authorization.k8s.io.'

const isToken = (protocol: string): boolean => protocol.startsWith(prefix)

/** Without padding, and in no other way of writing it. */
const decoded = (protocol: string): string => {
  const text = protocol.slice(prefix.length)
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes.toString() : ''
}
