import { crash, misfortunes } from '../moves/misfortunes.ts'
import { always, isPossible, type Move, step } from '../moves/move.ts'
import { isAnythingComing, pass, progress } from '../moves/progress.ts'
import { clientActs, jobsOfClients } from '../moves/wishes.ts'
import { restart } from '../world/lives.ts'
import type { World } from '../world/world.ts'

const stepsMin = 20
const stepsMax = 400
const faultsMin = 3
/** So many steps a process has to get its Pods back before it ends. */
const farewellSteps = 15

const moves: ReadonlyArray<Move> = [
  ...progress,
  { weight: (world) => impatience(world), play: pass },
  { weight: (world) => (jobsOfClients(world).length > 0 ? 4 : 0), play: clientActs },
  ...misfortunes,
]

const impatience = (world: World): number =>
  progress.some(isPossible(world)) ? world.temper.haste * 0.3 : isAnythingComing(world) ? 6 : 0.3

/** Whatever happens now, somebody has to do it. */
const isAtRest = (world: World): boolean => !progress.some(isPossible(world)) && !isAnythingComing(world)

/** Misfortunes among what goes on, for a number of steps that is drawn. */
export const busy = async (world: World): Promise<void> => {
  const stepsWanted = stepsMin + (world.temper.elastic > 0 ? 40 : 0) + world.random.below(32)
  const isEnough = (): boolean =>
    world.faults() >= faultsMin &&
    (world.steps >= stepsWanted || (world.steps >= stepsMin && isAtRest(world) && world.random.chance(0.2)))
  while (!isEnough() && world.steps < stepsMax && world.violations.length === 0) {
    if (world.leavingSince !== null && world.steps > world.leavingSince + farewellSteps) {
      world.say('the process ends')
      await restart(world)
    }
    await step(world, moves)
  }
  while (world.faults() < faultsMin && world.violations.length === 0) await step(world, [always(crash)])
}
