import type { ApiReader } from '../../../../src/adapters/kube-api/answer.ts'
import { administrator } from '../../../../src/adapters/kube-api/access/user.ts'
import type { conformanceWorld } from '../../../conformance/world.ts'

type World = Awaited<ReturnType<typeof conformanceWorld>>

export type Line = {
  readonly type: string
  readonly object: Readonly<Record<string, unknown>> & {
    readonly kind: string
    readonly metadata: {
      readonly name?: string
      readonly resourceVersion: string
      readonly annotations?: Readonly<Record<string, string>>
    }
  }
}

/** A watch without a socket, and what it has told so far. */
export const watching = async (world: World, address: string, accept = 'application/json') => {
  const { pathname, searchParams } = new URL(address, 'http://here')
  const answer = await world.handle({
    method: 'GET',
    path: pathname,
    query: searchParams,
    headers: { accept },
    body: new Uint8Array(),
    user: administrator('ada'),
  })
  let text = ''
  const state = { ended: false }
  const reader: ApiReader = {
    write: (piece) => {
      text += Buffer.from(piece).toString()
    },
    waiting: () => 0,
    drained: async () => {},
    end: () => {
      state.ended = true
    },
    drop: () => {},
  }
  answer.stream?.(reader)
  const lines = (): ReadonlyArray<Line> =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
  return {
    answer,
    body: () => JSON.parse(answer.body),
    state,
    text: () => text,
    lines,
    told: () => lines().map(({ type, object }) => `${type} ${object.metadata.name}`),
    types: () => lines().map(({ type }) => type),
  }
}
