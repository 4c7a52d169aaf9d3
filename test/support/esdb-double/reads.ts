import { type ServerWritableStream, status } from '@grpc/grpc-js'
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { DoubleLog, RecordedEvent } from './double-log.ts'
import type { Node } from './node.ts'
import { eventResponse, failure, identifierOf, nameOf, notLeader, streams, unavailable } from './protocol.ts'

type ReadCall = ServerWritableStream<ReadReq, ReadResp>

/** The one call behind reading a stream, reading everything, and subscribing to everything. */
export const serveRead =
  (node: Node) =>
  (call: ReadCall): void => {
    const options = call.request.getOptions()
    call.on('error', () => {})
    if (options === undefined) return refuse(call, failure(status.INVALID_ARGUMENT, 'a read has options'))
    if (node.mustRefuse(call.metadata)) return refuse(call, notLeader(node.cluster.leader()))
    if (options.hasSubscription()) return void subscribe(node, call, options)
    const fault = node.cluster.faults.read?.() ?? null
    if (fault === 'silent') return
    if (fault === 'unavailable') return refuse(call, unavailable())
    void sendAll(call, answersOf(node.cluster.log, options)).then(() => call.end())
  }

const refuse = (call: ReadCall, error: Error): void => void call.emit('error', error)

const answersOf = (log: DoubleLog, options: ReadReq.Options): ReadonlyArray<ReadResp> => {
  const limit = Number(options.getCount())
  const backwards = options.getReadDirection() === 1
  const stream = options.getStream()
  if (stream === undefined) {
    const all = log.all()
    const place = options.getAll()?.getPosition()
    const fromEnd = options.getAll()?.hasEnd() ?? false
    // Backwards from a position means what lies before it; forwards means it and what lies behind it.
    const index = place === undefined ? (fromEnd ? all.length : 0) : log.indexOf(BigInt(place.getCommitPosition()))
    return slice(all, index, limit, backwards).map(eventResponse)
  }
  const name = nameOf(stream.getStreamIdentifier())
  const events = log.stream(name)
  if (events.length === 0)
    return [
      new streams.ReadResp().setStreamNotFound(
        new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(name)),
      ),
    ]
  const revision = stream.hasRevision() ? Number(stream.getRevision()) : stream.hasEnd() ? events.length - 1 : 0
  // A stream is read backwards from a revision, that event included.
  return slice(events, backwards ? Math.min(revision, events.length - 1) + 1 : revision, limit, backwards).map(
    eventResponse,
  )
}

const slice = (events: ReadonlyArray<RecordedEvent>, index: number, limit: number, backwards: boolean) =>
  backwards ? events.slice(Math.max(0, index - limit), index).toReversed() : events.slice(index, index + limit)

const sendAll = async (call: ReadCall, answers: Iterable<ReadResp>): Promise<void> => {
  for (const answer of answers) {
    if (call.cancelled) return
    if (!call.write(answer)) await drained(call)
  }
}

const drained = (call: ReadCall): Promise<void> =>
  new Promise((resolve) => {
    const over = (): void => {
      call.off('drain', over)
      call.off('cancelled', over)
      call.off('close', over)
      resolve()
    }
    call.on('drain', over)
    call.on('cancelled', over)
    call.on('close', over)
  })

const subscribe = async ({ cluster }: Node, call: ReadCall, options: ReadReq.Options): Promise<void> => {
  const { log, faults } = cluster
  const place = options.getAll()?.getPosition()
  const fromEnd = options.getAll()?.hasEnd() ?? false
  const matches = matcherOf(options)
  // A subscription begins behind its position.
  let next =
    place === undefined ? (fromEnd ? log.all().length : 0) : log.indexOf(BigInt(place.getCommitPosition()) + 1n)
  let wake = (): void => {}
  let over = false
  const stop = log.onAppend(() => wake())
  const end = (): void => {
    over = true
    stop()
    cluster.subscriptions.delete(call)
    wake()
  }
  call.on('cancelled', end)
  call.on('close', end)
  call.on('error', end)
  cluster.subscriptions.add(call)
  call.write(
    new streams.ReadResp().setConfirmation(
      new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(`subscription-${next}`),
    ),
  )
  let caughtUp = false
  while (!over) {
    const event = log.all()[next]
    if (event === undefined) {
      if (!caughtUp) call.write(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()))
      caughtUp = true
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      continue
    }
    next += 1
    if (!matches(event)) continue
    const fault = faults.deliver?.(event) ?? null
    if (fault === 'silent') {
      stop()
      return
    }
    if (fault === 'unavailable') return refuse(call, unavailable())
    if (fault === 'checkpointAhead') {
      const checkpoint = new streams.ReadResp.Checkpoint()
        .setCommitPosition(String(event.position))
        .setPreparePosition(String(event.position))
      call.write(new streams.ReadResp().setCheckpoint(checkpoint))
      return refuse(call, unavailable())
    }
    const response = eventResponse(event)
    if (fault === 'twice') call.write(response)
    if (!call.write(response)) await drained(call)
  }
}

const matcherOf = (options: ReadReq.Options): ((event: RecordedEvent) => boolean) => {
  const filter = options.getFilter()
  const onType = filter?.getEventType()
  const expression = onType ?? filter?.getStreamIdentifier()
  if (expression === undefined) return () => true
  const regex = expression.getRegex() === '' ? null : new RegExp(expression.getRegex(), 'u')
  const prefixes = expression.getPrefixList()
  return ({ type, stream }) => {
    const text = onType === undefined ? stream : type
    return regex === null ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text)
  }
}
