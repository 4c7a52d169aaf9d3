import { randomUUID } from 'node:crypto'
import type { EventData } from '@eventstore/db-client'
import { E } from '../../../prelude.ts'
import type { Connection } from './connection.ts'
import { type Names, sealType } from './names.ts'
import { settledAppend } from './settled-append.ts'

export type TakeOverPorts = {
  readonly connection: Connection
  readonly names: Names
  readonly deadlineMs: number
  /** A stream may grow so long while it is being sealed: until its writer finds at its next renewal that it lost the lease. */
  readonly patienceMs: number
}

/** The event by which a writer says to which streams it is about to write. */
export const openedType = 'jobledger.StreamsOpened'

/** Streams sealed at the same time. */
const atOnce = 64
const pageSize = 1000
/**
 * Shuts term `term`, whose writer may still be alive: first the list of the streams it opened, so that it can open no more, then each of those
 * streams, so that whatever it sends expects a revision that is past. What it stored before its stream was sealed is part of the log.
 */
export const sealTerm = async (
  ports: TakeOverPorts,
  term: number,
  by: number,
): Promise<E.Either<string, { readonly streams: number }>> => {
  const list = ports.names.opened(term)
  const shut = await sealStream(ports, list, by)
  if (E.isLeft(shut)) return shut
  const streams = await openedStreams(ports, list)
  if (E.isLeft(streams)) return streams
  const left = [...streams.right]
  const failures: string[] = []
  const work = async (): Promise<void> => {
    for (let stream = left.pop(); stream !== undefined && failures.length === 0; stream = left.pop()) {
      const sealed = await sealStream(ports, ports.names.wireOf(stream), by)
      if (E.isLeft(sealed)) failures.push(sealed.left)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, left.length) }, work))
  const [failure] = failures
  return failure === undefined ? E.right({ streams: streams.right.length }) : E.left(failure)
}

/** Makes the stream one event longer, behind whatever stands at its end. */
const sealStream = async (
  { connection, deadlineMs, patienceMs }: TakeOverPorts,
  wire: string,
  by: number,
): Promise<E.Either<string, void>> => {
  const tail = await connection.readStream(wire, 'end', 'backwards', 1)
  if (E.isLeft(tail)) return E.left(tail.left.reason)
  const last = tail.right[0]
  let expected = last === undefined ? -1 : Number(last.revision)
  for (const began = Date.now(); ; ) {
    const outcome = await settledAppend(connection, wire, expected, [seal(by)], deadlineMs)
    if (outcome._tag === 'Stored') return E.right(undefined)
    if (outcome._tag !== 'Conflict') return E.left(outcome.reason)
    if (Date.now() - began > patienceMs) return E.left(`stream ${wire} goes on growing`)
    expected = outcome.actual
  }
}

const seal = (term: number): EventData => ({
  id: randomUUID(),
  type: sealType,
  contentType: 'application/json',
  data: { term },
  metadata: undefined,
})

const openedStreams = async (
  { connection }: TakeOverPorts,
  list: string,
): Promise<E.Either<string, ReadonlyArray<string>>> => {
  const streams = new Set<string>()
  for (let from = 0; ; ) {
    const page = await connection.readStream(list, from, 'forwards', pageSize)
    if (E.isLeft(page)) return E.left(page.left.reason)
    for (const { type, data } of page.right) {
      if (type !== openedType) continue
      for (const stream of (data as { readonly streams: ReadonlyArray<string> }).streams) streams.add(stream)
    }
    const last = page.right.at(-1)
    if (last === undefined || page.right.length < pageSize) return E.right([...streams])
    from = Number(last.revision) + 1
  }
}
