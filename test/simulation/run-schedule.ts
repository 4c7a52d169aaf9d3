import { hash } from 'node:crypto'
import { type Coverage, cell } from './coverage/matrix.ts'
import { isFree } from './observed/observed-free-pod.ts'
import type { ObservedCronJob } from './observed/observed-cron-job.ts'
import { drawCronJob } from './world/draw-cron-job.ts'
import { type Judge, judgeOf, type Violation } from './judge.ts'
import { liveIsFolded } from './live-is-folded.ts'
import { eventLine } from './story.ts'
import { drawJob } from './world/draw-job.ts'
import { type Fortune, machineDouble } from './world/machine.ts'
import { isExpectedEnd, type Process, startProcess } from './world/process.ts'
import { randomOf } from './world/random.ts'
import { simulatedTime } from './world/simulated-time.ts'
import { temperOf } from './world/temper.ts'
import { type AppendFate, type DeliveryFate, storeDouble } from './world/store-double.ts'
import { clientCommand, cronCommand, freePodCommand, newPodCommand, userCommands } from './world/user.ts'

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

const epoch = Date.UTC(2026, 0, 1)
const stepsMin = 20
const faultsMin = 3
/** A world without faults that is not at rest after so many steps never will be. */
const calmStepsMax = 4000

const calmFortune: Fortune = { failure: 0.15, podFailure: 0.1, hung: 0, ready: 0.8, runMsMax: 20_000 }
const blessed: Fortune = { failure: 0, podFailure: 0, hung: 0, ready: 0.8, runMsMax: 20_000 }

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const digest = (text: string): string => hash('sha256', text)

/** A whole world of faults, drawn from one number: plays it, looks at every event, and waits until all is at rest. */
export const runSchedule = async (seed: number, isTold = false): Promise<Schedule> => {
  const random = randomOf(seed)
  const temper = temperOf(random)
  const luck: Fortune = {
    failure: random.pick([0.1, 0.4, 0.8]),
    podFailure: random.pick([0, 0.1, 0.4]),
    hung: random.pick([0, 0, 0.3]),
    ready: random.pick([0.3, 0.8]),
    runMsMax: random.pick([100, 5000, 60_000, 600_000]),
  }
  const windowMs = random.pick([0, 0, 1000])
  const podsRunElsewhere = random.chance(0.15)
  const podBackoffBaseMs = random.pick([10_000, 10_000, 1000])
  const hasCronJob = random.chance(0.15)

  const violations: Violation[] = []
  const story: string[] = []
  const coverage: Coverage = new Map()
  const trace: string[] = []
  let [steps, faults, uuids, jobs] = [0, 0, 0, 0]
  let fortune = luck
  let isCalm = false
  let isRevived = false
  let hasJumped = false
  let hasGap = false
  let leavingSince: number | null = null

  const complain = (invariant: string, sentence: string): void => {
    violations.push({ invariant, sentence })
    if (isTold) story.push(`  !!! ${invariant}: ${sentence}`)
  }
  const entropy = {
    digest,
    uuid: () => {
      uuids += 1
      return `00000000-0000-4000-8000-${uuids.toString(16).padStart(12, '0')}`
    },
  }
  const time = simulatedTime(epoch)
  const store = storeDouble()
  const isRecorded = (job: string, type: string, fields: Readonly<Record<string, number>>): boolean =>
    store.streamOf(`job-${job}`).some((stored) => {
      if (stored.type !== type) return false
      const event = JSON.parse(stored.data) as Readonly<Record<string, unknown>>
      return Object.entries(fields).every(([field, value]) => event[field] === value)
    })
  const judge: Judge = judgeOf({
    digest,
    complain,
    reached: (type, state) => coverage.set(cell(type, state), (coverage.get(cell(type, state)) ?? 0) + 1),
    reachedOfCron: (type, state) => coverage.set(cell(type, state), (coverage.get(cell(type, state)) ?? 0) + 1),
    reachedOfFreePod: (type, state) => coverage.set(cell(type, state), (coverage.get(cell(type, state)) ?? 0) + 1),
    onEnd: (job, pod) => {
      const { uid } = job.pods[pod]!
      if (machine.isAlive(uid))
        complain('no process outlives the record of its end', `Pod ${pod} of ${job.name} runs on`)
    },
  })
  const machine = machineDouble({
    time,
    random,
    complain,
    fortune: () => fortune,
    records: {
      isPodRecorded: ({ job, pod }) => isRecorded(job, 'PodCreated', { pod }),
      isProcessRecorded: ({ job, pod }, container, restart) =>
        isRecorded(job, 'ProcessStarted', { pod, container, restart }),
    },
  })
  let read = 0
  let process: Process

  const look = (): void => {
    while (read < store.log.length) {
      const end = store.pieceEnd(read)
      const piece = store.log.slice(read, end)
      read = end
      if (isTold) for (const stored of piece) story.push(eventLine(stored))
      judge.see(piece)
    }
    const fatal = process.fatal()
    if (fatal !== null && !isExpectedEnd(fatal, hasGap)) complain('no bug ends the process', fatal)
    if (fatal === null && store.isToldBehindGap())
      complain('who was not told everything ends', 'the process goes on behind an event that it never heard of')
  }
  const say = (what: string): void => {
    trace.push(what)
    if (isTold) story.push(`${`${steps}`.padStart(4)} +${(time.elapsed() / 1000).toFixed(3)}s ${what}`)
  }
  const fault = (what: string): void => {
    faults += 1
    say(`FAULT ${what}`)
  }

  const start = async (): Promise<void> => {
    const ports = {
      store: store.open(),
      runtime: machine.connect(podsRunElsewhere ? 'external' : 'simulated'),
      clock: time.newClock(),
      entropy,
      windowMs,
      podBackoffBaseMs,
    }
    process = await startProcess(ports)
    hasJumped = false
    hasGap = false
    leavingSince = null
    say('a process starts and reads the log')
    await turn()
    look()
  }
  const restart = async (): Promise<void> => {
    machine.loseProcess(isCalm ? 0 : temper.survival)
    await start()
  }
  const acknowledged =
    (what: string) =>
    (position: bigint | null): void => {
      if (position !== null && position > BigInt(store.log.length))
        complain('what was acknowledged is in the log', `${what} at ${position}`)
    }
  const command = (uid: string, wish: Parameters<Process['command']>[1]): void =>
    process.command(uid, wish, acknowledged(wish.type))

  const commandCron = (uid: string, wish: Parameters<Process['commandCron']>[1]): void =>
    process.commandCron(uid, wish, acknowledged(wish.type))

  const commandPod = (uid: string, wish: Parameters<Process['commandPod']>[1]): void =>
    process.commandPod(uid, wish, acknowledged(wish.type))
  const freePods = () => [...judge.freePods.values()].filter(isFree)

  const createCron = (): void => {
    say('the user creates a CronJob')
    const uid = entropy.uuid()
    commandCron(uid, { type: 'CreateCronJob', uid, manifest: drawCronJob(random, 'cron') })
  }
  const cronJobs = () => [...judge.crons.values()].filter(({ isDeleted }) => !isDeleted)

  const create = (): void => {
    jobs += 1
    const manifest = drawJob(random, `job-${jobs}`, podsRunElsewhere)
    say(`the user creates job-${jobs}${podsRunElsewhere ? ', whose Pods a client runs' : ''}`)
    const uid = entropy.uuid()
    command(uid, { type: 'CreateJob', uid, manifest, podBackoffBaseMs, podsRunElsewhere })
  }

  const appendFate = (): AppendFate => {
    if (isCalm || !random.chance(temper.append))
      return random.chance(isCalm ? 0 : 0.3) ? 'stored, answered later' : 'stored'
    return random.pick(['stored in silence', 'lost in silence', 'stored too late', 'refused'])
  }
  const deliveryFate = (): DeliveryFate => {
    if (isCalm || !random.chance(temper.delivery)) return random.chance(0.5) ? 'whole' : 'piece by piece'
    return random.weighted([
      [3, 'told twice'],
      [1, 'left out'],
      [0.5, 'broken off'],
    ])
  }

  const settle = (): void => {
    const fate = appendFate()
    const what = `an append is ${fate}`
    if (fate === 'stored' || fate === 'stored, answered later') say(what)
    else fault(what)
    store.settle(random.below(store.waitingAppends()), fate)
  }
  const deliver = (): void => {
    const fate = deliveryFate()
    const what = `a delivery is ${fate}`
    if (fate === 'whole' || fate === 'piece by piece') say(what)
    else fault(what)
    if (fate === 'left out') hasGap = true
    store.deliver(fate)
  }
  const answerRead = (): void => {
    const fails = !isCalm && random.chance(temper.read)
    if (fails) fault('a read fails')
    else say('a read is answered')
    store.read(random.below(store.waitingReads()), !fails)
  }
  const pass = (): void => {
    const next = Math.min(time.nextTimer(), machine.nextDue())
    const isLate = !isCalm && random.chance(0.15)
    const end =
      Number.isFinite(next) && !isLate
        ? Math.max(next, time.elapsed())
        : time.elapsed() + random.pick([1, 1000, 15_000, 700_000])
    say(`${((end - time.elapsed()) / 1000).toFixed(3)} s pass`)
    time.passTo(end)
  }
  const users = () => [...judge.jobs.values()].filter(({ isDeleted }) => !isDeleted)
  const clients = () =>
    [...judge.jobs.values()].filter(({ podsRunElsewhere, spec }) => podsRunElsewhere && spec.managedBy === undefined)

  type Step = readonly [weight: number, step: () => void | Promise<void>]
  const progress = (): ReadonlyArray<Step> => [
    [store.waitingAppends() > 0 ? 10 : 0, settle],
    [
      store.waitingAnswers() > 0 ? 6 : 0,
      () => {
        say('an answer arrives')
        store.answer(random.below(store.waitingAnswers()))
      },
    ],
    [store.waitingReads() > 0 ? 10 : 0, answerRead],
    [
      machine.waitingFences() > 0 ? 6 : 0,
      () => {
        say('the fenced processes are dead')
        machine.fenced()
      },
    ],
    [store.untold() > 0 ? temper.telling : 0, deliver],
    [
      machine.due() > 0 ? 6 : 0,
      () => {
        say('a Pod takes a step')
        machine.act()
      },
    ],
    [
      machine.unseen() > 0 ? 8 : 0,
      () => {
        say('the runtime says what it saw')
        machine.handOver()
      },
    ],
  ]
  const clientActs = (): void => {
    const job = random.pick(clients())
    const wish = clientCommand(random, job, time.now(), fortune.failure)
    say(wish === null ? 'the client has nothing to say' : `the client says ${JSON.stringify(wish)}`)
    if (wish !== null) command(job.uid, wish)
  }
  const misfortunes = (): ReadonlyArray<Step> => [
    [
      users().length > 0 ? temper.user : 0,
      () => {
        const job = random.pick(users())
        const wishes = userCommands(random, job, time.now())
        for (const wish of wishes) fault(`the user: ${job.name} ${JSON.stringify(wish)}`)
        for (const wish of wishes) command(job.uid, wish)
      },
    ],
    [
      podsRunElsewhere && judge.jobs.size > 0 ? 1 : 0,
      () => {
        fault('the user makes a Pod by hand')
        const uid = entropy.uuid()
        commandPod(uid, newPodCommand(random, uid, random.pick([...judge.jobs.values()]), time.now()))
      },
    ],
    [
      freePods().length > 0 ? 2 : 0,
      () => {
        const pod = random.pick(freePods())
        const wish = freePodCommand(random, pod, random.pick([...judge.jobs.values()]))
        fault(`the user: Pod ${pod.uid.slice(-4)} ${JSON.stringify(wish)}`)
        commandPod(pod.uid, wish)
      },
    ],
    [
      cronJobs().length > 0 ? temper.user * 0.5 : 0,
      () => {
        const cron = random.pick(cronJobs())
        const wish = cronCommand(random, cron)
        fault(`the user: ${cron.name} ${JSON.stringify(wish)}`)
        commandCron(cron.uid, wish)
      },
    ],
    [
      temper.crash,
      async () => {
        fault('the process crashes')
        await restart()
      },
    ],
    [
      leavingSince === null ? temper.withdrawal : 0,
      () => {
        fault('the process takes its Pods back to end')
        leavingSince = steps
        process.withdraw()
      },
    ],
    [
      temper.jump,
      () => {
        const ms = random.pick([-3_600_000, -1000, 1000, 3_600_000])
        fault(`all clocks are set by ${ms} ms`)
        hasJumped = true
        time.jump(ms)
      },
    ],
    [
      machine.alive() > 0 ? temper.loss : 0,
      () => {
        const all = random.chance(0.3)
        fault(all ? 'the node is lost' : 'a Pod is lost')
        machine.lose(all)
      },
    ],
    [
      store.belated() > 0 ? 2 : 0,
      () => {
        fault('a belated append is stored')
        store.landBelated()
      },
    ],
    [jobs < 2 ? 0.15 : 0, create],
  ]

  const step = async (choices: ReadonlyArray<Step>): Promise<void> => {
    steps += 1
    await random.weighted(choices)()
    await turn()
    look()
    if (process.fatal() === null) return
    say(`the process ends: ${process.fatal()?.split('\n')[0]}`)
    await restart()
  }

  const busy = async (): Promise<void> => {
    const stepsWanted = stepsMin + random.below(60)
    while ((steps < stepsWanted || faults < faultsMin) && steps < 400 && violations.length === 0) {
      if (leavingSince !== null && steps > leavingSince + 15) {
        say('the process ends')
        await restart()
      }
      const waits = progress().some(([weight]) => weight > 0)
      await step([
        ...progress(),
        [waits ? temper.haste * 0.3 : 6, pass],
        [clients().length > 0 ? 4 : 0, clientActs],
        ...misfortunes(),
      ])
    }
    while (faults < faultsMin && violations.length === 0) {
      fault('the process crashes')
      await step([[1, restart]])
    }
  }

  const ticking = () => cronJobs().filter(({ spec, isDeleting }) => spec.suspend !== true && !isDeleting)
  /** A CronJob would start Jobs for ever. */
  const changeCron = ({ uid, name, spec }: ObservedCronJob, over: Partial<ObservedCronJob['spec']>): void => {
    say(`the user changes ${name}: ${JSON.stringify(over)}`)
    const metadata = { name, namespace: 'default' }
    const manifest = { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: { ...spec, ...over } } as const
    commandCron(uid, { type: 'ChangeCronJob', manifest })
  }
  const suspendCronJobs = (): void => {
    for (const cron of ticking()) changeCron(cron, { suspend: true })
  }
  /** While its Jobs come and go as they should. */
  const meddle = (cron: ObservedCronJob): void => {
    if (random.chance(0.5)) return changeCron(cron, { successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 })
    say(`the user deletes ${cron.name}`)
    commandCron(cron.uid, { type: 'DeleteCronJob', propagation: 'Foreground' })
  }

  /** No more faults: everything that waits is served until nothing waits any more. */
  const calm = async (): Promise<void> => {
    isCalm = true
    fortune = calmFortune
    machine.wake()
    if (hasGap || leavingSince !== null || (!isRevived && random.chance(0.3))) {
      say('the process crashes for the last time')
      await restart()
    }
    const from = steps
    // What was refused last is tried again a second later.
    const settledAt = time.elapsed() + 2000
    let looks = 0
    let looksOfCronJobs = 12
    for (; violations.length === 0; ) {
      if (steps > from + calmStepsMax) {
        const { pods } = [...judge.jobs.values()][0] ?? { pods: [] }
        return complain(
          'the world comes to rest',
          `${calmStepsMax} steps after the last fault it has not; ${pods.length} Pods`,
        )
      }
      if (steps > from + 300) fortune = blessed
      const [cron] = ticking()
      if (cron !== undefined && random.chance(0.01)) await step([[1, () => meddle(cron)]])
      const waiting = progress().filter(([weight]) => weight > 0)
      if (waiting.length > 0) {
        await step(waiting)
        continue
      }
      if (ticking().length > 0 && looksOfCronJobs <= 0) {
        await step([[1, suspendCronJobs]])
        continue
      }
      looksOfCronJobs -= 1
      if (!hasJumped && time.elapsed() > settledAt) judge.seeIdle(time.now(), windowMs)
      const talkers = clients().filter((job) => clientCommand(randomOf(seed), job, 0, 0) !== null)
      if (talkers.length > 0 && looks < 6) {
        looks += 1
        await step([[1, clientActs]])
        continue
      }
      looks = 0
      if (talkers.length === 0 && !Number.isFinite(Math.min(time.nextTimer(), machine.nextDue()))) return
      await step([[1, pass]])
    }
  }

  const revive = (): void => {
    isRevived = true
    for (const job of judge.jobs.values()) {
      if (job.isDeleted) continue
      const rest = { patch: { metadata: { finalizers: null } }, hasFinalizers: false }
      const { completionMode, completions } = job.spec
      const parallelism = job.isWithheld
        ? (completions ?? 0)
        : job.spec.parallelism === 0 && !(completionMode === 'Indexed' && completions === 0)
          ? 2
          : job.spec.parallelism
      say(`the user lets ${job.name} go on`)
      command(job.uid, { type: 'ChangeJob', suspend: false, parallelism, rest })
    }
  }

  await start()
  create()
  if (hasCronJob) createCron()
  await turn()
  await busy()
  await calm()
  if (violations.length === 0) judge.seeRest()
  if (violations.length === 0) {
    revive()
    await turn()
    await calm()
    if (violations.length === 0) judge.seeRest()
    for (const job of judge.jobs.values())
      if (violations.length === 0 && job.finished === null && job.deletion === null && job.spec.managedBy === undefined)
        complain('a Job whose Pods end ends, once nobody holds it', `${job.name} is neither finished nor deleted`)
  }
  if (violations.length === 0 && seed % 4 === 0) {
    const complaint = liveIsFolded(store.log, process!.ledger, judge)
    if (complaint !== null) complain('what is held in memory is what the log folds to', complaint)
  }
  const logHash = digest([...store.log.map(({ id }) => id), ...trace].join('\n'))
  return { seed, steps, faults, events: store.log.length, hash: logHash, violations, story, coverage }
}
