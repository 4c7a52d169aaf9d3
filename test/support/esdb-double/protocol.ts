import { createRequire } from 'node:module'
import { type ServiceError, Metadata, status } from '@grpc/grpc-js'
import type * as Gossip from '@eventstore/db-client/generated/gossip_pb.js'
import type * as Features from '@eventstore/db-client/generated/serverfeatures_pb.js'
import type * as Shared from '@eventstore/db-client/generated/shared_pb.js'
import type * as Status from '@eventstore/db-client/generated/status_pb.js'
import type * as Streams from '@eventstore/db-client/generated/streams_pb.js'
import type * as GossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import type * as FeaturesGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import type * as StreamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js'
import type * as AnyMessage from 'google-protobuf/google/protobuf/any_pb.js'
import type { RecordedEvent } from './double-log.ts'

const require = createRequire(import.meta.url)
const generated = (name: string): unknown => require(`@eventstore/db-client/generated/${name}.js`)

/** The published messages and services, as the client's own package has them. */
export const gossip = generated('gossip_pb') as typeof Gossip
export const features = generated('serverfeatures_pb') as typeof Features
export const shared = generated('shared_pb') as typeof Shared
export const statuses = generated('status_pb') as typeof Status
export const streams = generated('streams_pb') as typeof Streams
export const { GossipService } = generated('gossip_grpc_pb') as typeof GossipGrpc
export const { ServerFeaturesService } = generated('serverfeatures_grpc_pb') as typeof FeaturesGrpc
export const { StreamsService } = generated('streams_grpc_pb') as typeof StreamsGrpc
const { Any } = require('google-protobuf/google/protobuf/any_pb.js') as typeof AnyMessage

/** A stream's name from its identifier. */
export const nameOf = (identifier: Shared.StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8')

export const identifierOf = (stream: string): Shared.StreamIdentifier =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64'))

export const uuidText = (id: Shared.UUID | undefined): string => {
  const structured = id?.getStructured()
  if (structured === undefined) return id?.getString() ?? ''
  const hex = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()]
    .map((bits) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0'))
    .join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** An answer of a read or a subscription that carries one event. */
export const eventResponse = (event: RecordedEvent): Streams.ReadResp => {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(event.id))
    .setStreamIdentifier(identifierOf(event.stream))
    .setStreamRevision(String(event.revision))
    .setCommitPosition(String(event.position))
    .setPreparePosition(String(event.position))
    .setCustomMetadata(event.metadata)
    .setData(event.data)
  recorded
    .getMetadataMap()
    .set('type', event.type)
    .set('content-type', event.contentType)
    .set('created', String(BigInt(event.created) * 10_000n))
  const read = new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(String(event.position))
  return new streams.ReadResp().setEvent(read)
}

export const packed = (message: { serializeBinary: () => Uint8Array }, name: string) => {
  const any = new Any()
  any.pack(message.serializeBinary(), name)
  return any
}

export type CallFailure = Pick<ServiceError, 'code' | 'details' | 'metadata'>

export const failure = (code: status, details: string, trailers: Readonly<Record<string, string>> = {}) => {
  const metadata = new Metadata()
  for (const [key, value] of Object.entries(trailers)) metadata.add(key, value)
  return Object.assign(new Error(details), { code, details, metadata })
}

export const unavailable = () => failure(status.UNAVAILABLE, 'the server is not ready')

/** The words by which a follower sends a client to the leader. */
export const notLeader = ({ host, port }: { readonly host: string; readonly port: number }) =>
  failure(status.NOT_FOUND, 'this node is not the leader', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  })
