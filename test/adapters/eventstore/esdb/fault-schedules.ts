import type { EventStore, NewEvent } from '../../../../src/application/ports/event-store.ts'
import { noStream } from '../../../../src/application/ports/event-store.ts'
import { E } from '../../../../src/prelude.ts'
import type { AppendFault } from '../../../support/esdb-double/faults.ts'

/** Numbers from 0 to 1 that depend on the seed alone. */
export const numbersOf = (seed: number) => {
  let state = seed * 2654435761 + 1
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Which fault the n-th append that reaches the server for a stream meets, drawn from the stream's name. */
export const appendFaults = (perThousand: Readonly<Partial<Record<AppendFault, number>>>) => {
  const drawn = new Map<string, () => number>()
  return (stream: string): AppendFault | null => {
    const seed = [...stream].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7)
    const next = drawn.get(stream) ?? numbersOf(seed)
    drawn.set(stream, next)
    let chance = next() * 1000
    for (const [fault, share] of Object.entries(perThousand) as Array<[AppendFault, number]>) {
      chance -= share
      if (chance < 0) return fault
    }
    return null
  }
}

/** What one schedule did: what it was told is stored, and the longest it had to wait for an answer. */
export type Outcome = {
  readonly stream: string
  readonly acknowledged: ReadonlyArray<string>
  readonly longestMs: number
}

/**
 * A writer of one stream as ours is: each operation is decided on the state as loaded, appended, and decided again after a refusal, a conflict
 * or an unknown outcome, until it is stored. The name of the operation is in the event, its id is new each time.
 */
export const runSchedule = async (store: EventStore, seed: number, tries = 100): Promise<Outcome> => {
  const next = numbersOf(seed)
  const stream = `job-${seed}`
  const acknowledged: string[] = []
  let longestMs = 0
  const timed = async <A>(call: () => Promise<A>): Promise<A> => {
    const began = performance.now()
    const answer = await call()
    longestMs = Math.max(longestMs, performance.now() - began)
    return answer
  }
  let revision = noStream
  const operations = 1 + Math.floor(next() * 4)
  for (let o = 0; o < operations; o += 1) {
    const count = 1 + Math.floor(next() * 3)
    const names = Array.from({ length: count }, (_, i) => `${seed}/${o}/${i}`)
    const said: string[] = []
    for (let attempt = 0; ; attempt += 1) {
      if (attempt === tries) throw new Error(`seed ${seed}: not stored after ${tries} decisions: ${said.join(', ')}`)
      const outcome = await timed(
        store.append(
          stream,
          revision,
          names.map((name) => eventOf(name, `${attempt}`)),
        ),
      )
      if (E.isRight(outcome)) {
        revision = outcome.right.revision
        break
      }
      said.push(`${outcome.left._tag} ${'reason' in outcome.left ? outcome.left.reason : outcome.left.actual}`)
      const loaded = await timed(store.readStream(stream, 0, 1000))
      if (E.isLeft(loaded)) {
        said.push(loaded.left.reason)
        await new Promise((resolve) => setTimeout(resolve, 20))
        continue
      }
      revision = loaded.right.at(-1)?.revision ?? noStream
      if (loaded.right.some((event) => nameOf(event.data) === names[0])) break
    }
    acknowledged.push(...names)
  }
  return { stream, acknowledged, longestMs }
}

const eventOf = (name: string, attempt: string): NewEvent => ({
  id: crypto.randomUUID(),
  type: 'PodCreated',
  data: JSON.stringify({ name, attempt }),
  metadata: JSON.stringify({ $correlationId: name }),
})

export const nameOf = (data: string): string => (JSON.parse(data) as { readonly name: string }).name
