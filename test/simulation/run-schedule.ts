import type { Coverage } from './coverage/matrix.ts'
import type { Violation } from './judge.ts'
import { liveIsFolded } from './live-is-folded.ts'
import { createCronJob, createJob } from './moves/wishes.ts'
import { busy } from './phases/busy.ts'
import { calm } from './phases/calm.ts'
import { revive } from './phases/revive.ts'
import { settleIn, turn } from './world/lives.ts'
import { digest, type World, worldOf } from './world/world.ts'

export type Schedule = {
  readonly seed: number
  readonly steps: number
  readonly faults: number
  readonly events: number
  /** Of the log and of every step: the same for the same seed. */
  readonly hash: string
  readonly violations: ReadonlyArray<Violation>
  /** What happened, step by step; empty unless it was asked for. */
  readonly story: ReadonlyArray<string>
  readonly coverage: Coverage
}

/** A whole world of faults, drawn from one number: plays it, looks at every event, and waits until all is at rest. */
export const runSchedule = async (seed: number, isTold = false): Promise<Schedule> => {
  const world = await worldOf(seed, isTold)
  await settleIn(world)
  createJob(world)
  if (world.hasCronJob) createCronJob(world)
  await turn()
  await busy(world)
  await rest(world)
  if (isSound(world)) {
    await revive(world)
    await rest(world)
    lookForUnfinished(world)
  }
  // Folding every log once more would cost as much as the rest of a small schedule.
  if (isSound(world) && seed % 8 === 0) {
    const complaint = liveIsFolded(world.store.log, world.process.ledger, world.judge)
    if (complaint !== null) world.complain('what is held in memory is what the log folds to', complaint)
  }
  const { steps, store, violations, story, coverage, trace } = world
  const hash = digest([...store.log.map(({ id }) => id), ...trace].join('\n'))
  return { seed, steps, faults: world.faults(), events: store.log.length, hash, violations, story, coverage }
}

const isSound = ({ violations }: World): boolean => violations.length === 0

const rest = async (world: World): Promise<void> => {
  await calm(world)
  if (isSound(world)) world.judge.seeRest()
}

const lookForUnfinished = (world: World): void => {
  for (const { name, finished, deletion, spec } of world.judge.jobs.values())
    if (isSound(world) && finished === null && deletion === null && spec.managedBy === undefined)
      world.complain('a Job whose Pods end ends, once nobody holds it', `${name} is neither finished nor deleted`)
}
