import type { CronJobManifest } from '../../../src/domain/kubernetes/cron-job-object.ts'
import type { CronJobCommand } from '../../../src/domain/cronjob/commands.ts'
import type { FreePodCommand } from '../../../src/domain/free-pod/decide.ts'
import type { JobCommand } from '../../../src/domain/job/commands.ts'
import type { ObservedCronJob } from '../observed/observed-cron-job.ts'
import type { ObservedJob } from '../observed/observed-job.ts'
import { drawCronJob } from '../world/draw-cron-job.ts'
import { drawJob } from '../world/draw-job.ts'
import { clientCommand } from '../world/user.ts'
import type { World } from '../world/world.ts'

/** What users and clients wish, as commands: who was answered finds it in the log. */
export const command = (world: World, uid: string, wish: JobCommand): void =>
  world.process.command(uid, wish, acknowledged(world, wish.type))

export const commandCron = (world: World, uid: string, wish: CronJobCommand): void =>
  world.process.commandCron(uid, wish, acknowledged(world, wish.type))

export const commandPod = (world: World, uid: string, wish: FreePodCommand): void =>
  world.process.commandPod(uid, wish, acknowledged(world, wish.type))

const acknowledged =
  ({ store, complain }: World, what: string) =>
  (position: bigint | null): void => {
    if (position !== null && position > BigInt(store.log.length))
      complain('what was acknowledged is in the log', `${what} at ${position}`)
  }

export const createJob = (world: World): void => {
  const { random, podsRunElsewhere, movesPods, podBackoffBaseMs, temper } = world
  world.jobs += 1
  const manifest = drawJob(random, `job-${world.jobs}`, { movesPods, podsRunElsewhere, isElastic: temper.elastic > 0 })
  world.say(`the user creates job-${world.jobs}${podsRunElsewhere ? ', whose Pods a client runs' : ''}`)
  const uid = world.entropy.uuid()
  command(world, uid, { type: 'CreateJob', uid, manifest, podBackoffBaseMs, podsRunElsewhere })
}

export const createCronJob = (world: World): void => {
  world.say('the user creates a CronJob')
  const uid = world.entropy.uuid()
  commandCron(world, uid, {
    type: 'CreateCronJob',
    uid,
    manifest: drawCronJob(world.random, 'cron', world.isSlowToBear),
  })
}

export const changeCronJob = (
  world: World,
  { uid, name, spec }: ObservedCronJob,
  over: Partial<CronJobManifest['spec']>,
): void => {
  world.say(`the user changes ${name}: ${JSON.stringify(over)}`)
  const metadata = { name, namespace: 'default' }
  const manifest = { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: { ...spec, ...over } } as const
  commandCron(world, uid, { type: 'ChangeCronJob', manifest })
}

/** Jobs whose Pods a client runs. */
export const jobsOfClients = ({ judge, podsRunElsewhere }: World): ReadonlyArray<ObservedJob> =>
  podsRunElsewhere ? [...judge.jobs.values()].filter(({ spec }) => spec.managedBy === undefined) : []

/** The client that runs the Pods says what became of one. */
export const clientActs = (world: World): void => {
  const { random, time, fortune } = world
  const job = random.pick(jobsOfClients(world))
  const wish = clientCommand(random, job, time.now(), fortune.failure)
  world.say(wish === null ? 'the client has nothing to say' : `the client says ${JSON.stringify(wish)}`)
  if (wish !== null) command(world, job.uid, wish)
}

export const presentCronJobs = ({ judge }: World): ReadonlyArray<ObservedCronJob> =>
  [...judge.crons.values()].filter(({ isDeleted }) => !isDeleted)
