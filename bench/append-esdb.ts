import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { credentials } from '@grpc/grpc-js'
import type * as GossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import type * as Shared from '@eventstore/db-client/generated/shared_pb.js'
import { openEsdbEventStore } from '../src/adapters/eventstore/esdb/open-esdb-event-store.ts'
import type { EventStore } from '../src/application/ports/event-store.ts'
import { E, invariant } from '../src/prelude.ts'
import { startDoubleProcess } from '../test/support/esdb-double/double-process.ts'
import { type Bench, type BenchRow, runAlone } from './support/bench-row.ts'
import { median, secondsOf } from './support/measure.ts'
import { madeUpEvents } from './support/logs.ts'

const require = createRequire(import.meta.url)
const { GossipClient } = require('@eventstore/db-client/generated/gossip_grpc_pb.js') as typeof GossipGrpc
const { Empty } = require('@eventstore/db-client/generated/shared_pb.js') as typeof Shared

/**
 * Appends to an EventStoreDB by how many are on their way at once, beside as many bare gRPC calls to the same server in the same run. The
 * server is the double in a process of its own unless JOBLEDGER_TEST_EVENTSTORE names another.
 */
export const appendEsdbBench: Bench = async ({ quick }) => {
  const folder = await mkdtemp(join(tmpdir(), 'jobledger-bench-'))
  const double = await startDoubleProcess(join(folder, 'log'))
  const address = process.env['JOBLEDGER_TEST_EVENTSTORE'] || double.connectionString
  const opened = await openEsdbEventStore(address, { prefix: `bench_${Date.now()}_` })
  invariant(E.isRight(opened), 'the log opens')
  const store = opened.right
  const rows: BenchRow[] = []
  let made = 0
  for (const [inFlight, batch] of [
    [1, 1],
    [16, 1],
    [64, 1],
    [256, 1],
    [16, 10],
    [16, 100],
  ] as const) {
    const appends = Math.ceil((quick ? 300 : 3000) / (batch === 100 ? 10 : 1))
    const bare: number[] = []
    const ours: number[] = []
    for (let round = 0; round < 3; round += 1) {
      const calls = Math.max(appends, inFlight)
      bare.push(calls / (await secondsOf(() => inLanes(inFlight, calls, bareCall(double.connectionString)))))
      const streams = Array.from({ length: inFlight }, () => `job-${(made += 1)}`)
      ours.push((calls * batch) / (await secondsOf(() => fill(store, streams, calls, batch))))
    }
    const value = median(ours)
    const ratio = median(ours.map((rate, i) => rate / (bare[i] ?? Number.NaN)))
    rows.push({ name: `append-esdb, ${inFlight} in flight, ${batch} to an append`, value, unit: 'events/s', ratio })
    rows.push({ name: `bare gRPC round trip, ${inFlight} in flight`, value: median(bare), unit: 'calls/s' })
  }
  await store.close()
  await double.stop()
  await rm(folder, { recursive: true })
  return rows
}

/** The smallest call the server has. */
const bareCall = (connectionString: string) => {
  const target = /\/\/([^?]+)/.exec(connectionString)?.[1] ?? ''
  const client = new GossipClient(target, credentials.createInsecure())
  return (): Promise<void> =>
    new Promise((resolve, reject) => {
      client.read(new Empty(), (error) => (error === null ? resolve() : reject(error)))
    })
}

const fill = async (store: EventStore, streams: ReadonlyArray<string>, appends: number, batch: number) => {
  const events = madeUpEvents(batch)
  const perStream = Math.ceil(appends / streams.length)
  await Promise.all(
    streams.map(async (stream) => {
      for (let n = 0; n < perStream; n += 1) {
        const outcome = await store.append(stream, n * batch - 1, events)()
        if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left))
      }
    }),
  )
}

const inLanes = async (lanes: number, count: number, call: () => Promise<void>): Promise<void> => {
  let left = count
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await call()
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

await runAlone(import.meta.url, appendEsdbBench)
