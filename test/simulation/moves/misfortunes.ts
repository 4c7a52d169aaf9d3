import type { JobCommand } from '../../../src/domain/job/commands.ts'
import type { ObservedFreePod } from '../observed/observed-free-pod.ts'
import type { ObservedJob } from '../observed/observed-job.ts'
import { restart } from '../world/lives.ts'
import {
  changePodCommand,
  cronCommand,
  freePodCommand,
  giveUpIndex,
  hasIndexToGiveUp,
  newPodCommand,
  userCommands,
} from '../world/user.ts'
import type { World } from '../world/world.ts'
import type { Move } from './move.ts'
import { command, commandCron, commandPod, createJob, presentCronJobs } from './wishes.ts'

/** What comes unasked: whims of users, and faults of processes, clocks and machines. */
export const misfortunes: ReadonlyArray<Move> = [
  {
    weight: (world) => (presentJobs(world).length > 0 ? world.temper.user : 0),
    play: (world) => {
      const job = world.random.pick(presentJobs(world))
      wish(world, job, userCommands(world.random, job, world.time.now(), world.movesPods))
    },
  },
  {
    weight: (world) => (world.temper.elastic > 0 && elasticJobs(world).length > 0 ? world.temper.elastic : 0),
    play: (world) => {
      const job = world.random.pick(elasticJobs(world))
      wish(
        world,
        job,
        job.isWithheld
          ? userCommands(world.random, job, world.time.now(), world.movesPods)
          : giveUpIndex(world.random, job),
      )
    },
  },
  {
    weight: ({ movesPods, judge }) => (movesPods && judge.jobs.size > 0 ? 1 : 0),
    play: (world) => {
      world.fault('the user makes a Pod by hand')
      const uid = world.entropy.uuid()
      commandPod(world, uid, newPodCommand(world.random, uid, anyJob(world), world.time.now(), world.podsRunElsewhere))
    },
  },
  {
    weight: (world) => (jobsLeavingPods(world).length > 0 ? 4 : 0),
    play: (world) => {
      const job = world.random.pick(jobsLeavingPods(world))
      wish(world, job, [changePodCommand(world.random, job)])
    },
  },
  {
    weight: (world) => (freePods(world).length > 0 ? 2 : 0),
    play: (world) => {
      const pod = world.random.pick(freePods(world))
      const wish = freePodCommand(world.random, pod, anyJob(world), world.podsRunElsewhere)
      world.fault(`the user: Pod ${pod.uid.slice(-4)} ${JSON.stringify(wish)}`)
      commandPod(world, pod.uid, wish)
    },
  },
  {
    weight: (world) => (presentCronJobs(world).length > 0 ? world.temper.user * 0.5 : 0),
    play: (world) => {
      const cron = world.random.pick(presentCronJobs(world))
      const wish = cronCommand(world.random, cron)
      world.fault(`the user: ${cron.name} ${JSON.stringify(wish)}`)
      commandCron(world, cron.uid, wish)
    },
  },
  { weight: ({ temper }) => temper.crash, play: (world) => crash(world) },
  {
    weight: ({ leavingSince, temper }) => (leavingSince === null ? temper.withdrawal : 0),
    play: (world) => {
      world.fault('the process takes its Pods back to end')
      world.leavingSince = world.steps
      world.process.withdraw()
    },
  },
  {
    weight: ({ temper }) => temper.jump,
    play: (world) => {
      const ms = world.random.pick([-3_600_000, -1000, 1000, 3_600_000])
      world.fault(`all clocks are set by ${ms} ms`)
      world.hasJumped = true
      world.time.jump(ms)
    },
  },
  {
    weight: ({ machine, temper }) => (machine.alive() > 0 ? temper.loss : 0),
    play: ({ machine, random, fault }) => {
      const all = random.chance(0.3)
      fault(all ? 'the node is lost' : 'a Pod is lost')
      machine.lose(all)
    },
  },
  {
    weight: ({ store }) => (store.belated() > 0 ? 2 : 0),
    play: ({ store, fault }) => {
      fault('a belated append is stored')
      store.landBelated()
    },
  },
  // Whoever got no answer asks again.
  { weight: (world) => (isNothingThere(world) ? 5 : world.jobs < 2 ? 0.15 : 0), play: createJob },
]

export const crash = async (world: World): Promise<void> => {
  world.fault('the process crashes')
  await restart(world)
}

const wish = (world: World, job: ObservedJob, wishes: ReadonlyArray<JobCommand>): void => {
  for (const one of wishes) world.fault(`the user: ${job.name} ${JSON.stringify(one)}`)
  for (const one of wishes) command(world, job.uid, one)
}

const elasticJobs = ({ judge }: World): ReadonlyArray<ObservedJob> =>
  [...judge.jobs.values()].filter((job) => job.isWithheld || hasIndexToGiveUp(job))

const isNothingThere = ({ judge, store }: World): boolean =>
  judge.jobs.size === 0 && store.waitingAppends() + store.waitingReads() === 0

const presentJobs = ({ judge }: World): ReadonlyArray<ObservedJob> =>
  [...judge.jobs.values()].filter(({ isDeleted }) => !isDeleted)

const anyJob = ({ random, judge }: World): ObservedJob => random.pick([...judge.jobs.values()])

/** Also those on their way to a Job. */
const freePods = ({ judge }: World): ReadonlyArray<ObservedFreePod> =>
  [...judge.freePods.values()].filter(({ isGone }) => !isGone)

/** Jobs that are over, of which Pods are left. */
const jobsLeavingPods = ({ judge, movesPods }: World): ReadonlyArray<ObservedJob> =>
  movesPods
    ? [...judge.jobs.values()].filter(
        (job) => (job.isDeleted || job.finished !== null) && job.pods.some(({ isGone }) => !isGone),
      )
    : []
