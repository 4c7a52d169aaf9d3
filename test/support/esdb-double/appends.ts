import type { ServerDuplexStream, ServerReadableStream, sendUnaryData } from '@grpc/grpc-js'
import { status } from '@grpc/grpc-js'
import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
} from '@eventstore/db-client/generated/streams_pb.js'
import type { DoubleAppended, Expected, ProposedEvent } from './double-log.ts'
import type { AppendFault } from './faults.ts'
import type { Node } from './node.ts'
import {
  failure,
  identifierOf,
  nameOf,
  notLeader,
  packed,
  shared,
  statuses,
  streams,
  unavailable,
  uuidText,
} from './protocol.ts'

/** What an append came to: an answer of the log, the server's own refusal, or silence. */
type Outcome =
  | DoubleAppended
  | { readonly _tag: 'TooLarge' }
  | { readonly _tag: 'Timeout' }
  | 'broken'
  | 'silent'
  | 'not leader'

/** One append, its faults included. */
const perform = async (
  node: Node,
  stream: string,
  expected: Expected,
  events: ReadonlyArray<ProposedEvent>,
): Promise<Outcome> => {
  const { log, faults, maxAppendBytes } = node.cluster
  const store = (): Outcome => {
    const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)
    return bytes > maxAppendBytes ? { _tag: 'TooLarge' } : log.append(stream, expected, events)
  }
  const fault: AppendFault | null = faults.append?.(stream, events) ?? null
  switch (fault) {
    case null:
      return store()
    case 'unavailableBefore':
      return 'broken'
    case 'unavailableAfter':
      store()
      return 'broken'
    case 'timeoutBefore':
      return { _tag: 'Timeout' }
    case 'timeoutAfter':
      store()
      return { _tag: 'Timeout' }
    case 'silentBefore':
      return 'silent'
    case 'silentAfter':
      store()
      return 'silent'
    case 'late':
      await new Promise((resolve) => setTimeout(resolve, faults.lateMs))
      return store()
    case 'notLeader':
      return 'not leader'
  }
}

/** The call that stores one append and answers once. */
export const serveAppend =
  (node: Node) =>
  (call: ServerReadableStream<AppendReq, AppendResp>, callback: sendUnaryData<AppendResp>): void => {
    let options: AppendReq.Options | undefined
    const events: ProposedEvent[] = []
    if (node.mustRefuse(call.metadata)) return callback(notLeader(node.cluster.leader()))
    call.on('data', (request: AppendReq) => {
      if (request.hasOptions()) options = request.getOptions()
      const message = request.getProposedMessage()
      if (message !== undefined) events.push(proposed(message))
    })
    call.on('error', () => {})
    call.on('end', () => {
      if (options === undefined) return callback(failure(status.INVALID_ARGUMENT, 'an append begins with its options'))
      const expected = options.hasRevision()
        ? Number(options.getRevision())
        : options.hasNoStream()
          ? 'no-stream'
          : options.hasStreamExists()
            ? 'stream-exists'
            : 'any'
      const stream = nameOf(options.getStreamIdentifier())
      const answer = async (): Promise<void> => {
        const outcome = await perform(node, stream, expected, events)
        if (outcome === 'silent') return
        if (outcome === 'broken') callback(unavailable())
        else if (outcome === 'not leader') callback(notLeader(node.cluster.leader()))
        else if (outcome._tag === 'TooLarge') callback(tooLarge(node))
        else if (outcome._tag === 'Timeout') callback(failure(status.ABORTED, 'the operation timed out'))
        else callback(null, appendResponse(outcome, expected))
      }
      void answer()
    })
  }

const tooLarge = ({ cluster: { maxAppendBytes } }: Node) =>
  failure(status.INVALID_ARGUMENT, `Maximum Append Size of ${maxAppendBytes} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(maxAppendBytes),
  })

const appendResponse = (outcome: DoubleAppended, expected: Expected): AppendResp => {
  const response = new streams.AppendResp()
  if (outcome._tag === 'Stored') {
    const success = new streams.AppendResp.Success()
    if (outcome.revision < 0) success.setNoStream(new shared.Empty())
    else success.setCurrentRevision(String(outcome.revision))
    if (outcome.position === null) success.setNoPosition(new shared.Empty())
    else {
      const position = new streams.AppendResp.Position()
      position.setCommitPosition(String(outcome.position))
      position.setPreparePosition(String(outcome.position))
      success.setPosition(position)
    }
    return response.setSuccess(success)
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion()
  if (outcome.actual < 0) wrong.setCurrentNoStream(new shared.Empty())
  else wrong.setCurrentRevision(String(outcome.actual))
  if (typeof expected === 'number') wrong.setExpectedRevision(String(expected))
  else if (expected === 'no-stream') wrong.setExpectedNoStream(new shared.Empty())
  else if (expected === 'stream-exists') wrong.setExpectedStreamExists(new shared.Empty())
  else wrong.setExpectedAny(new shared.Empty())
  return response.setWrongExpectedVersion(wrong)
}

type Batch = { readonly options: BatchAppendReq.Options; readonly events: ProposedEvent[] }

/** The call that stores many appends, each told apart by its correlation id, and answers each when it is stored. */
export const serveBatchAppend =
  (node: Node) =>
  (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void => {
    const open = new Map<string, Batch>()
    const breakWith = (error: Error): void => void call.emit('error', error)
    if (node.mustRefuse(call.metadata)) return breakWith(notLeader(node.cluster.leader()))
    call.on('error', () => {})
    call.on('end', () => call.end())
    call.on('data', (request: BatchAppendReq) => {
      const correlation = uuidText(request.getCorrelationId())
      const options = request.getOptions()
      if (options !== undefined) open.set(correlation, { options, events: [] })
      const batch = open.get(correlation)
      if (batch === undefined) return
      batch.events.push(...request.getProposedMessagesList().map(proposed))
      if (!request.getIsFinal()) return
      open.delete(correlation)
      const stream = nameOf(batch.options.getStreamIdentifier())
      const expected = expectedOf(batch.options)
      const isLate = (batch.options.getDeadline()?.toDate().getTime() ?? Number.POSITIVE_INFINITY) < Date.now()
      const performed: Promise<Outcome> = isLate
        ? Promise.resolve({ _tag: 'Timeout' })
        : perform(node, stream, expected, batch.events)
      void performed.then((outcome) => {
        if (outcome === 'silent') return
        if (outcome === 'broken') return breakWith(unavailable())
        if (outcome === 'not leader') return breakWith(notLeader(node.cluster.leader()))
        call.write(
          batchResponse(node, outcome, expected)
            .setCorrelationId(request.getCorrelationId())
            .setStreamIdentifier(identifierOf(stream)),
        )
      })
    })
  }

const expectedOf = (options: BatchAppendReq.Options): Expected =>
  options.hasStreamPosition()
    ? Number(options.getStreamPosition())
    : options.hasNoStream()
      ? 'no-stream'
      : options.hasStreamExists()
        ? 'stream-exists'
        : 'any'

const batchResponse = (node: Node, outcome: Exclude<Outcome, string>, expected: Expected): BatchAppendResp => {
  const response = new streams.BatchAppendResp()
  const refused = (code: number, message: string, details: { serializeBinary: () => Uint8Array }, name: string) =>
    response.setError(
      new statuses.Status()
        .setCode(code)
        .setMessage(message)
        .setDetails(packed(details, `event_store.client.${name}`)),
    )
  switch (outcome._tag) {
    case 'Stored': {
      const success = new streams.BatchAppendResp.Success().setCurrentRevision(String(outcome.revision))
      if (outcome.position !== null)
        success.setPosition(
          new shared.AllStreamPosition()
            .setCommitPosition(String(outcome.position))
            .setPreparePosition(String(outcome.position)),
        )
      return response.setSuccess(success)
    }
    case 'WrongExpected': {
      const wrong = new shared.WrongExpectedVersion()
      if (outcome.actual >= 0) wrong.setCurrentStreamRevision(String(outcome.actual))
      if (typeof expected === 'number') wrong.setExpectedStreamPosition(String(expected))
      return refused(9, 'wrong expected version', wrong, 'WrongExpectedVersion')
    }
    case 'TooLarge': {
      const exceeded = new shared.MaximumAppendSizeExceeded().setMaxappendsize(node.cluster.maxAppendBytes)
      return refused(3, 'maximum append size exceeded', exceeded, 'MaximumAppendSizeExceeded')
    }
    case 'Timeout':
      return refused(4, 'timeout', new shared.Timeout(), 'Timeout')
  }
}

const proposed = (message: AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage): ProposedEvent => ({
  id: uuidText(message.getId()),
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? 'application/octet-stream',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
})
