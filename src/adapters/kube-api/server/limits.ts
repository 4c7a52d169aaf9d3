import { wantsWebSocket } from './web-socket.ts'

/** How long and how much of what a client may take. Times in milliseconds. */
export type Limits = {
  readonly headerBytes: number
  /** From the first byte of a request to the end of its headers, and to the end of its body. */
  readonly headersMs: number
  readonly requestMs: number
  /** For a client to say that it can TLS, and to agree on it. */
  readonly handshakeMs: number
  readonly connections: number
}

export const usualLimits: Limits = {
  headerBytes: 64 << 10,
  headersMs: 20_000,
  requestMs: 60_000,
  handshakeMs: 10_000,
  connections: 8192,
}

/** The same, as Node's servers take it. Go clients use a connection again for 90 seconds. */
export const serverOptions = ({ headerBytes, headersMs, requestMs }: Limits) => ({
  maxHeaderSize: headerBytes,
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  connectionsCheckingInterval: Math.min(headersMs / 2, 5000),
  keepAliveTimeout: 120_000,
  noDelay: true,
  /** We say ourselves what is wrong with a request without a Host. */
  requireHostHeader: false,
  shouldUpgradeCallback: wantsWebSocket,
})
