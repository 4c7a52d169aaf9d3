import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { EventStoreDBClient, RecordedEvent } from '@eventstore/db-client'
import { expect } from 'vitest'

/** What a server does with some calls, as data: the double must do it, and so must a real server. */
export type Expectation = { readonly title: string; readonly steps: ReadonlyArray<Step> }

export type ExpectationFile = {
  readonly name: string
  /** `documentation` until a real server was seen to do so; then its version. */
  readonly known: string
  readonly expectations: ReadonlyArray<Expectation>
}

type Way = 'forwards' | 'backwards'
type Answer = ReadonlyArray<string> | { readonly refused: string }
type Step =
  | {
      readonly do: 'append'
      readonly stream: string
      readonly expected: number | 'no_stream'
      readonly events: ReadonlyArray<string>
      readonly answer:
        | { readonly revision: number; readonly position?: string }
        | { readonly refused: string; readonly actual: number | 'no_stream' }
    }
  | {
      readonly do: 'readStream'
      readonly stream: string
      readonly from?: number | 'end'
      readonly way?: Way
      readonly count?: number
      readonly answer: Answer
    }
  | {
      readonly do: 'readAll'
      readonly from: string
      readonly way: Way
      readonly count?: number
      readonly answer: ReadonlyArray<string>
    }
  | { readonly do: 'subscribe'; readonly from: string; readonly answer: ReadonlyArray<string> }
  | { readonly do: 'positionsRise'; readonly events: ReadonlyArray<string> }
  | { readonly do: 'content'; readonly stream: string }

const folder = new URL('expectations/', import.meta.url)

export const expectationFiles = (): ReadonlyArray<ExpectationFile> =>
  readdirSync(folder)
    .toSorted()
    .map((file) => ({ name: file.replace('.json', ''), ...JSON.parse(readFileSync(new URL(file, folder), 'utf8')) }))

/** Runs the steps with streams and events that begin with `run`, so that a server may hold others. */
export const meet = async (client: EventStoreDBClient, { steps }: Expectation, run: string): Promise<void> => {
  const data = { numbers: [1, 2.5, -3], text: 'äöü 🦄' }
  const metadata = { $correlationId: run }
  const streamOf = (name: string): string => `${run}-${name}`
  const idOf = (name: string): string => {
    const hex = createHash('sha256').update(`${run} ${name}`).digest('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
  const nameOf = (event: RecordedEvent | undefined): string | null =>
    allNames.find((name) => idOf(name) === event?.id) ?? null
  const mine = async (): Promise<ReadonlyMap<string, bigint>> => {
    const places = new Map<string, bigint>()
    for await (const { event } of client.readAll({ direction: 'backwards', fromPosition: 'end', maxCount: 500 })) {
      const name = nameOf(event as RecordedEvent)
      if (name !== null) places.set(name, event?.position.commit ?? -1n)
    }
    return places
  }
  const positionOf = async (name: string) => {
    const commit = (await mine()).get(name) ?? -1n
    return { commit, prepare: commit }
  }

  for (const step of steps)
    switch (step.do) {
      case 'append': {
        const events = step.events.map((name) => ({
          id: idOf(name),
          type: `Expected-${name}`,
          contentType: 'application/json' as const,
          data,
          metadata,
        }))
        const expectedRevision = step.expected === 'no_stream' ? step.expected : BigInt(step.expected)
        const answer = await client.appendToStream(streamOf(step.stream), events, { expectedRevision }).then(
          ({ nextExpectedRevision, position }) => ({ revision: Number(nextExpectedRevision), position }),
          (cause: { type: string; actualVersion: bigint | 'no_stream' }) => ({
            refused: cause.type,
            actual: typeof cause.actualVersion === 'bigint' ? Number(cause.actualVersion) : cause.actualVersion,
          }),
        )
        const { position, ...rest } = step.answer as { position?: string }
        expect(answer).toMatchObject(rest)
        if (position !== undefined)
          expect(answer).toMatchObject({ position: await positionOf(position.replace('of ', '')) })
        break
      }
      case 'readStream': {
        const names: Array<string | null> = []
        const read = async (): Promise<Answer> => {
          const from = step.from ?? 0
          for await (const { event } of client.readStream(streamOf(step.stream), {
            fromRevision: from === 'end' ? 'end' : BigInt(from),
            direction: step.way ?? 'forwards',
            maxCount: step.count ?? 100,
          }))
            names.push(nameOf(event))
          return names as string[]
        }
        const answer = await read().catch((cause: { type: string }) => ({ refused: cause.type }))
        expect(answer).toEqual(step.answer)
        break
      }
      case 'readAll': {
        const names: string[] = []
        for await (const { event } of client.readAll({
          fromPosition: await positionOf(step.from),
          direction: step.way,
          maxCount: step.count ?? 100,
        })) {
          const name = nameOf(event as RecordedEvent)
          if (name !== null) names.push(name)
        }
        expect(names).toEqual(step.answer)
        break
      }
      case 'subscribe': {
        const names: string[] = []
        const subscription = client.subscribeToAll({ fromPosition: await positionOf(step.from) })
        for await (const { event } of subscription) {
          const name = nameOf(event as RecordedEvent)
          if (name !== null) names.push(name)
          if (names.length === step.answer.length) break
        }
        await subscription.unsubscribe()
        expect(names).toEqual(step.answer)
        break
      }
      case 'positionsRise': {
        const places = await mine()
        const positions = step.events.map((name) => places.get(name) ?? -1n)
        expect(positions.every((position, i) => position > (positions[i - 1] ?? -1n))).toBe(true)
        break
      }
      case 'content': {
        for await (const { event } of client.readStream(streamOf(step.stream), { maxCount: 1 }))
          expect(event).toMatchObject({ isJson: true, data, metadata, revision: 0n })
        break
      }
    }
}

const allNames = ['e1', 'e2', 'e3', 'e4', 'e9']
