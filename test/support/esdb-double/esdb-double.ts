import type { ServerWritableStream } from '@grpc/grpc-js'
import { type DoubleLog, type DoubleLogOptions, openDoubleLog } from './double-log.ts'
import { type Faults, noFaults } from './faults.ts'
import { type Address, type Cluster, startNode, type Tls } from './node.ts'
import { unavailable } from './protocol.ts'

/** A stand-in for an EventStoreDB cluster: the published protocol over real gRPC, one log behind all its nodes. */
export type EsdbDouble = {
  readonly connectionString: string
  readonly log: DoubleLog
  readonly faults: Faults
  /** Another node becomes the leader; calls that ask for the leader are refused elsewhere. */
  readonly moveLeader: () => void
  /** Every subscription ends with an error. */
  readonly dropSubscriptions: () => void
  readonly subscriptions: () => number
  /** Names and passwords that calls came with. */
  readonly users: () => ReadonlyArray<string>
  readonly stop: () => Promise<void>
}

export type EsdbDoubleOptions = DoubleLogOptions & {
  readonly nodes?: number
  readonly port?: number
  readonly maxAppendBytes?: number
  readonly offersBatches?: boolean
  readonly tls?: Tls
  /** Serves this log instead of a new one: a server that came back. */
  readonly log?: DoubleLog
}

export const startEsdbDouble = async (options: EsdbDoubleOptions = {}): Promise<EsdbDouble> => {
  const { nodes = 1, port = 0, maxAppendBytes = 8 << 20, offersBatches = true } = options
  const log = options.log ?? openDoubleLog(options)
  const faults = noFaults()
  const started: Array<Address & { readonly stop: () => void }> = []
  const subscriptions = new Set<ServerWritableStream<unknown, unknown>>()
  let leading = 0
  const leader = (): Address => started[leading % started.length] ?? { host: '127.0.0.1', port }
  const cluster: Cluster = {
    log,
    faults,
    maxAppendBytes,
    offersBatches,
    addresses: () => started,
    leader,
    subscriptions,
    tls: options.tls ?? null,
    users: new Set(),
  }
  for (let n = 0; n < nodes; n += 1) started.push(await startNode(cluster, n === 0 ? port : 0))
  return {
    connectionString: `esdb://${started.map((node) => `${node.host}:${node.port}`).join(',')}?tls=${options.tls !== undefined}`,
    log,
    faults,
    moveLeader: () => {
      leading += 1
    },
    dropSubscriptions: () => {
      for (const call of [...subscriptions]) call.emit('error', unavailable())
    },
    subscriptions: () => subscriptions.size,
    users: () => [...cluster.users],
    stop: async () => {
      for (const node of started) node.stop()
    },
  }
}
