import { look, restart, turn } from '../world/lives.ts'
import type { World } from '../world/world.ts'

/** Something that may happen next. */
export type Move = {
  /** How likely it is beside the others; 0 when it cannot happen now. */
  readonly weight: (world: World) => number
  readonly play: (world: World) => void | Promise<void>
}

/** A move that is made whenever it is offered. */
export const always = (play: Move['play']): Move => ({ weight: () => 1, play })

export const isPossible =
  (world: World) =>
  ({ weight }: Move): boolean =>
    weight(world) > 0

/** One of the moves is made, and the judge looks what came of it. A process that ended is followed by another. */
export const step = async (world: World, moves: ReadonlyArray<Move>): Promise<void> => {
  world.steps += 1
  const weighted = moves.map((move) => [move.weight(world), move] as const)
  await world.random.weighted(weighted).play(world)
  await turn()
  look(world)
  const fatal = world.process.fatal()
  if (fatal === null) return
  world.say(`the process ends: ${fatal.split('\n')[0]}`)
  await restart(world)
}
