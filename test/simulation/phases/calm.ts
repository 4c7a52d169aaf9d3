import { always, isPossible, step } from '../moves/move.ts'
import { isAnythingComing, pass, progress } from '../moves/progress.ts'
import { changeCronJob, clientActs, command, commandCron, jobsOfClients, presentCronJobs } from '../moves/wishes.ts'
import type { ObservedCronJob } from '../observed/observed-cron-job.ts'
import { look, restart } from '../world/lives.ts'
import type { Fortune } from '../world/machine.ts'
import { randomOf } from '../world/random.ts'
import { clientCommand } from '../world/user.ts'
import type { World } from '../world/world.ts'

/** A world without faults that is not at rest after so many steps never will be. */
const stepsMax = 4000
/** From then on no Pod fails any more. */
const blessedAfter = 300
/** So often CronJobs are let to their next time, before they are suspended: they would start Jobs for ever. */
const timesOfCronJobs = 12
/** So many words in a row clients say before time passes again. */
const wordsMax = 6

const calmFortune: Fortune = { failure: 0.15, podFailure: 0.1, hung: 0, ready: 0.8, moody: 0.1, runMsMax: 20_000 }
/** Jobs of a CronJob are there when the next one begins. */
const enduring: Fortune = { ...calmFortune, runMsMax: 120_000 }
const blessed: Fortune = { ...calmFortune, failure: 0, podFailure: 0 }

/** No more faults: everything that waits is served until nothing waits any more. */
export const calm = async (world: World): Promise<void> => {
  const { judge, time, random, violations } = world
  world.isCalm = true
  world.fortune = world.isSlowToBear ? enduring : calmFortune
  world.machine.wake()
  world.store.landBelated()
  look(world)
  if (world.hasGap || world.leavingSince !== null || (!world.isRevived && random.chance(0.3))) {
    world.say('the process crashes for the last time')
    await restart(world)
  }
  const from = world.steps
  // What was refused last is tried again a second later.
  const settledAt = time.elapsed() + 2000
  let words = 0
  let timesLeft = timesOfCronJobs
  while (violations.length === 0) {
    if (world.steps > from + stepsMax) return complainOfUnrest(world)
    if (world.steps > from + blessedAfter) world.fortune = blessed
    const [cron] = ticking(world)
    if (cron !== undefined && random.chance(isBetween(cron) ? 0.04 : 0.01))
      await step(world, [always(() => meddle(world, cron))])
    if (progress.some(isPossible(world))) {
      await step(world, progress)
      continue
    }
    if (cron !== undefined && ticking(world).length > 0 && timesLeft <= 0) {
      await step(world, [always(suspendCronJobs)])
      continue
    }
    timesLeft -= 1
    if (!world.hasJumped && time.elapsed() > settledAt) judge.seeIdle(time.now(), world.windowMs)
    const hasMoreToSay = isAnyClientTalking(world)
    if (hasMoreToSay && words < wordsMax) {
      words += 1
      await step(world, [always(clientActs)])
      continue
    }
    words = 0
    if (!hasMoreToSay && !isAnythingComing(world)) return
    await step(world, [always(pass)])
  }
}

const complainOfUnrest = ({ judge, complain }: World): void => {
  const { pods } = [...judge.jobs.values()][0] ?? { pods: [] }
  complain('the world comes to rest', `${stepsMax} steps after the last fault it has not; ${pods.length} Pods`)
}

const isAnyClientTalking = (world: World): boolean =>
  jobsOfClients(world).some((job) => clientCommand(randomOf(world.seed), job, 0, 0) !== null)

const ticking = (world: World): ReadonlyArray<ObservedCronJob> =>
  presentCronJobs(world).filter(({ spec, isDeleting }) => spec.suspend !== true && !isDeleting)

const suspendCronJobs = (world: World): void => {
  for (const cron of ticking(world)) changeCronJob(world, cron, { suspend: true })
}

/** It has Jobs, and the next is on its way. */
const isBetween = ({ pending, active }: ObservedCronJob): boolean => pending !== null && active.size > 0

/** While its Jobs come and go as they should. */
const meddle = (world: World, cron: ObservedCronJob): void => {
  const [child] = cron.active
  if (child !== undefined && isBetween(cron)) {
    world.say(`the user deletes ${world.judge.jobs.get(child)?.name}`)
    return command(world, child, { type: 'DeleteJob', propagation: 'Background' })
  }
  if (world.random.chance(0.5))
    return changeCronJob(world, cron, { successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 })
  world.say(`the user deletes ${cron.name}`)
  commandCron(world, cron.uid, { type: 'DeleteCronJob', propagation: 'Foreground' })
}
