import { type Metadata, Server, ServerCredentials } from '@grpc/grpc-js'
import type { ServerWritableStream } from '@grpc/grpc-js'
import { serveAppend, serveBatchAppend } from './appends.ts'
import type { DoubleLog } from './double-log.ts'
import type { Faults } from './faults.ts'
import { features, gossip, GossipService, ServerFeaturesService, shared, StreamsService } from './protocol.ts'
import { serveRead } from './reads.ts'

export type Address = { readonly host: string; readonly port: number }

/** What the nodes of one double share. */
export type Cluster = {
  readonly log: DoubleLog
  readonly faults: Faults
  /** What one append may weigh; a server's own default is 1 MiB. */
  readonly maxAppendBytes: number
  /** Whether the call for many appends is offered; without it clients send them one by one. */
  readonly offersBatches: boolean
  readonly addresses: () => ReadonlyArray<Address>
  readonly leader: () => Address
  readonly subscriptions: Set<ServerWritableStream<unknown, unknown>>
  readonly tls: Tls | null
  /** Names and passwords that calls came with. */
  readonly users: Set<string>
}

export type Tls = { readonly key: Buffer; readonly certificate: Buffer }

export type Node = {
  readonly cluster: Cluster
  /** A call that asks for the leader and came to another node. */
  readonly mustRefuse: (metadata: Metadata) => boolean
}

/** One server of the double on 127.0.0.1; port 0 takes a free one. */
export const startNode = async (cluster: Cluster, port: number): Promise<Address & { readonly stop: () => void }> => {
  const host = '127.0.0.1'
  let bound = port
  const node: Node = {
    cluster,
    mustRefuse: (metadata) => {
      const [, basic] = /^Basic (.+)$/.exec(String(metadata.get('authorization')[0] ?? '')) ?? []
      if (basic !== undefined) cluster.users.add(Buffer.from(basic, 'base64').toString('utf8'))
      return metadata.get('requires-leader')[0] === 'true' && cluster.leader().port !== bound
    },
  }
  const server = new Server({
    'grpc.max_receive_message_length': 17 * 1024 * 1024,
    'grpc.max_send_message_length': 17 * 1024 * 1024,
  })
  server.addService(StreamsService, {
    read: serveRead(node),
    append: serveAppend(node),
    batchAppend: serveBatchAppend(node),
  })
  server.addService(GossipService, {
    read: (_call: unknown, callback: (error: null, answer: unknown) => void) => callback(null, clusterInfo(cluster)),
  })
  server.addService(ServerFeaturesService, {
    getSupportedMethods: (_call: unknown, callback: (error: null, answer: unknown) => void) =>
      callback(null, supportedMethods(cluster)),
  })
  const credentials =
    cluster.tls === null
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(null, [{ private_key: cluster.tls.key, cert_chain: cluster.tls.certificate }])
  bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, credentials, (error, taken) =>
      error === null ? resolve(taken) : reject(error),
    )
  })
  return { host, port: bound, stop: () => server.forceShutdown() }
}

const clusterInfo = ({ addresses, leader }: Cluster) => {
  const { LEADER, FOLLOWER } = gossip.MemberInfo.VNodeState
  const info = new gossip.ClusterInfo()
  for (const { host, port } of addresses())
    info.addMembers(
      new gossip.MemberInfo()
        .setInstanceId(new shared.UUID().setString(`00000000-0000-4000-8000-${String(port).padStart(12, '0')}`))
        .setTimeStamp('0')
        .setIsAlive(true)
        .setState(leader().port === port ? LEADER : FOLLOWER)
        .setHttpEndPoint(new gossip.EndPoint().setAddress(host).setPort(port)),
    )
  return info
}

const supportedMethods = ({ offersBatches }: Cluster) => {
  const methods = new features.SupportedMethods().setEventStoreServerVersion('24.10.0')
  const offer = (method: string, ...names: string[]): void =>
    void methods.addMethods(
      new features.SupportedMethod()
        .setServiceName('event_store.client.streams.streams')
        .setMethodName(method)
        .setFeaturesList(names),
    )
  offer('read', 'position', 'events', 'all', 'filter')
  offer('append')
  if (offersBatches) offer('batchappend')
  return methods
}
