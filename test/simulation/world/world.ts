import { hash } from 'node:crypto'
import type { Entropy } from '../../../src/application/ports/entropy.ts'
import { addTo, type Coverage } from '../coverage/matrix.ts'
import { type Judge, judgeOf, type Violation } from '../judge.ts'
import { type Fortune, type Machine, machineDouble, type Records } from './machine.ts'
import { type Process, startProcess } from './process.ts'
import { type Random, randomOf } from './random.ts'
import { type SimulatedTime, simulatedTime } from './simulated-time.ts'
import { type StoreDouble, storeDouble } from './store-double.ts'
import { type Temper, temperOf } from './temper.ts'

/** Everything that one schedule is played in, and how far it has come. */
export type World = Surroundings & {
  readonly seed: number
  readonly temper: Temper
  readonly hasCronJob: boolean
  /** The store takes its time where a stream begins: the Job of a CronJob is long on its way. */
  readonly isSlowToBear: boolean
  readonly judge: Judge
  readonly violations: ReadonlyArray<Violation>
  readonly coverage: Coverage
  /** What was done, step by step. */
  readonly trace: ReadonlyArray<string>
  /** The same with times and events; empty unless it was asked for. */
  readonly story: string[]
  readonly isTold: boolean
  readonly complain: (invariant: string, sentence: string) => void
  readonly say: (what: string) => void
  /** As `say`, of what should not happen. */
  readonly fault: (what: string) => void
  readonly faults: () => number
  /** What is written of the Pods now. */
  fortune: Fortune
  process: Process
  steps: number
  /** Jobs that the user made. */
  jobs: number
  /** Appends that the judge has seen. */
  read: number
  /** No more faults. */
  isCalm: boolean
  isRevived: boolean
  /** Since the process started: clocks were set, an event was left out, its Pods were taken back (in this step). */
  hasJumped: boolean
  hasGap: boolean
  leavingSince: number | null
}

/** What outlives the processes of a schedule. */
type Surroundings = {
  readonly random: Random
  readonly time: SimulatedTime
  readonly store: StoreDouble
  readonly machine: Machine
  readonly entropy: Entropy
  /** Milliseconds. */
  readonly windowMs: number
  readonly podBackoffBaseMs: number
  readonly podsRunElsewhere: boolean
  /** Jobs let Pods go and take them over. */
  readonly movesPods: boolean
}

const epoch = Date.UTC(2026, 0, 1)

/** The world of this seed, in which the first process has just started. */
export const worldOf = async (seed: number, isTold: boolean): Promise<World> => {
  const random = randomOf(seed)
  const temper = temperOf(random)
  const luck: Fortune = {
    failure: random.pick([0.1, 0.4, 0.8]),
    podFailure: random.pick([0, 0.1, 0.4]),
    hung: random.pick([0, 0, 0.3]),
    ready: random.pick([0.3, 0.8]),
    moody: random.pick([0.05, 0.15, 0.5]),
    runMsMax: random.pick([100, 5000, 60_000, 600_000]),
    ...(temper.elastic > 0 && { failure: 0.3, hung: 0, runMsMax: 5000 }),
  }
  const windowMs = random.pick([0, 0, 1000])
  const podsRunElsewhere = random.chance(0.15)
  const movesPods = podsRunElsewhere || random.chance(0.5)
  const podBackoffBaseMs = random.pick([10_000, 10_000, 1000])
  const hasCronJob = random.chance(0.15)
  const isSlowToBear = hasCronJob && random.chance(0.5)

  const violations: Violation[] = []
  const story: string[] = []
  const trace: string[] = []
  const coverage: Coverage = new Map()
  const time = simulatedTime(epoch)
  const store = storeDouble()
  const entropy = countedEntropy()
  let faults = 0
  const complain = (invariant: string, sentence: string): void => {
    violations.push({ invariant, sentence })
    if (isTold) story.push(`  !!! ${invariant}: ${sentence}`)
  }
  const say = (what: string): void => {
    trace.push(what)
    if (isTold) story.push(`${`${world.steps}`.padStart(4)} +${(time.elapsed() / 1000).toFixed(3)}s ${what}`)
  }
  const fault = (what: string): void => {
    faults += 1
    say(`FAULT ${what}`)
  }
  const machine = machineDouble({ time, random, complain, fortune: () => world.fortune, records: recordsOf(store) })
  const judge = judgeOf({
    digest: entropy.digest,
    complain,
    reached: (type, state) => addTo(coverage, type, state),
    onEnd: (job, pod) => {
      if (machine.isAlive(job.pods[pod]!.uid))
        complain('no process outlives the record of its end', `Pod ${pod} of ${job.name} runs on`)
    },
  })
  const around = { random, time, store, machine, entropy, windowMs, podBackoffBaseMs, podsRunElsewhere, movesPods }
  const world: World = {
    ...around,
    ...{
      seed,
      temper,
      hasCronJob,
      isSlowToBear,
      judge,
      violations,
      coverage,
      trace,
      story,
      isTold,
      complain,
      say,
      fault,
    },
    faults: () => faults,
    fortune: luck,
    process: await newProcess(around),
    steps: 0,
    jobs: 0,
    read: 0,
    isCalm: false,
    isRevived: false,
    hasJumped: false,
    hasGap: false,
    leavingSince: null,
  }
  return world
}

/** Another process; whatever the one before it still waited for is lost. */
export const newProcess = ({ store, machine, time, podsRunElsewhere, ...ports }: Surroundings): Promise<Process> =>
  startProcess({
    store: store.open(),
    runtime: machine.connect(podsRunElsewhere ? 'external' : 'simulated'),
    clock: time.newClock(),
    entropy: ports.entropy,
    windowMs: ports.windowMs,
    podBackoffBaseMs: ports.podBackoffBaseMs,
    movesPods: ports.movesPods,
  })

export const digest = (text: string): string => hash('sha256', text)

const countedEntropy = (): Entropy => {
  let uuids = 0
  // Who writes an event and who judges it digest the same text.
  const known = new Map<string, string>()
  return {
    digest: (text) => {
      const before = known.get(text)
      if (before !== undefined) return before
      const made = digest(text)
      known.set(text, made)
      return made
    },
    uuid: () => {
      uuids += 1
      return `00000000-0000-4000-8000-${uuids.toString(16).padStart(12, '0')}`
    },
  }
}

const recordsOf = (store: StoreDouble): Records => {
  const has = (stream: string, type: string, fields: Readonly<Record<string, unknown>>): boolean =>
    store.streamOf(stream).some((stored) => {
      if (stored.type !== type) return false
      const event = JSON.parse(stored.data) as { readonly observation?: object }
      const told = new Map(Object.entries({ ...event, ...event.observation }))
      return Object.entries(fields).every(([field, value]) => told.get(field) === value)
    })
  return {
    isPodRecorded: ({ job, pod, uid }) =>
      has(`job-${job}`, 'PodCreated', { pod }) || has(`pod-${uid}`, 'FreePodReceived', {}),
    isProcessRecorded: ({ job, pod, uid }, container, restart) => {
      const process = { type: 'ProcessStarted', container, restart }
      if (has(`job-${job}`, 'ProcessStarted', { pod, container, restart })) return true
      if (has(`pod-${uid}`, 'FreePodObserved', process)) return true
      // It came while a Job had the Pod that did not create it.
      return store.log.some((stored) => {
        if (stored.type !== 'PodAdopted') return false
        const adopted = JSON.parse(stored.data) as { readonly uid: string; readonly pod: number }
        return adopted.uid === uid && has(stored.stream, 'ProcessStarted', { pod: adopted.pod, container, restart })
      })
    },
  }
}
