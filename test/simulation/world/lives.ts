import { eventLine } from '../story.ts'
import { isExpectedEnd } from './process.ts'
import { newProcess, type World } from './world.ts'

/** The judge looks at what is new in the log, and at who should have ended. */
export const look = (world: World): void => {
  const { store, judge, process, complain } = world
  for (const piece of store.pieces.slice(world.read)) {
    if (world.isTold) for (const stored of piece) world.story.push(eventLine(stored))
    judge.see(piece)
  }
  world.read = store.pieces.length
  const fatal = process.fatal()
  if (fatal !== null && !isExpectedEnd(fatal, world.hasGap)) complain('no bug ends the process', fatal)
  if (fatal === null && store.isToldBehindGap())
    complain('who was not told everything ends', 'the process goes on behind an event that it never heard of')
}

/** What a process that has just started does by itself. */
export const settleIn = async (world: World): Promise<void> => {
  world.hasJumped = false
  world.hasGap = false
  world.leavingSince = null
  world.say('a process starts and reads the log')
  await turn()
  look(world)
}

/** The process is dead, and another one starts over the log. */
export const restart = async (world: World): Promise<void> => {
  world.machine.loseProcess(world.isCalm ? 0 : world.temper.survival)
  world.process = await newProcess(world)
  await settleIn(world)
}

/** Everything that waits for nobody else runs. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
