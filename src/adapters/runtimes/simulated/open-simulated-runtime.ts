import { Subject, type Subscription } from 'rxjs'
import type { Clock } from '../../../application/ports/clock.ts'
import type { PodObserved, PodRuntime } from '../../../application/ports/pod-runtime.ts'
import type { Scenario } from './scenario.ts'
import { beginPod, type SimulatedPod, stepPod, stopPod } from './simulated-pod.ts'
import { timetable } from './timetable.ts'

export type SimulatedRuntimeOptions = {
  readonly clock: Clock
  readonly scenario?: Scenario
  /** How many steps of Pods are told in one turn, so that ten thousand Pods at once do not hold up everybody else. */
  readonly stepsPerTurnMax?: number
  /** At least so many ended Pods, and less than twice as many, are remembered: starting one of them again is nothing. */
  readonly endedPodsMax?: number
}

const longestTimerMs = 2 ** 30

/**
 * Pods that only pretend: they live as the scenario says, by the given clock. Nothing is a process here, so nothing waits for
 * `confirm`, `fence` has nothing to do, and the plain life of a Pod is told in two observations, `PodStarted` and `PodSucceeded`.
 * `ContainerExited` is told of exits other than 0 and before a restart. `ProcessStarted` is told of restarts in place only (with
 * pid 0), because it is the fact that counts them.
 */
export const openSimulatedRuntime = ({
  clock,
  scenario = () => ({}),
  stepsPerTurnMax = 8192,
  endedPodsMax = 100_000,
}: SimulatedRuntimeOptions): PodRuntime => {
  const observed = new Subject<ReadonlyArray<PodObserved>>()
  const todo = timetable<SimulatedPod>()
  const jobs = new Map<string, Map<number, SimulatedPod>>()
  let ended = new Set<string>()
  let endedBefore: ReadonlySet<string> = new Set()
  let dueNow: Array<SimulatedPod> = []
  let timer: Subscription | null = null
  let timerAt = Number.POSITIVE_INFINITY
  let lastRead = Number.NEGATIVE_INFINITY
  let setBackMs = 0
  let closed = false

  /** The clock may be set back; the lives of Pods go on all the same, and their times do not fall. */
  const now = (): number => {
    const read = clock.now()
    setBackMs += Math.max(0, lastRead - read)
    lastRead = read
    return read + setBackMs
  }

  const find = (job: string, pod: number): SimulatedPod | undefined => jobs.get(job)?.get(pod)

  const hasEnded = (uid: string): boolean => ended.has(uid) || endedBefore.has(uid)

  const keep = (simulated: SimulatedPod): void => {
    const { job, pod } = simulated.toRun
    const pods = jobs.get(job)
    if (pods === undefined) jobs.set(job, new Map([[pod, simulated]]))
    else pods.set(pod, simulated)
  }

  const forget = ({ toRun: { job, pod, uid } }: SimulatedPod): void => {
    const pods = jobs.get(job)
    pods?.delete(pod)
    if (pods?.size === 0) jobs.delete(job)
    ended.add(uid)
    if (ended.size < endedPodsMax) return
    endedBefore = ended
    ended = new Set()
  }

  const putDown = (simulated: SimulatedPod, time: number): void => {
    if (simulated.dueAt <= time) dueNow.push(simulated)
    else if (simulated.dueAt < Number.POSITIVE_INFINITY) todo.add(simulated.dueAt, simulated)
  }

  const setTimer = (time: number): void => {
    const at = dueNow.length > 0 ? time : todo.nextAt()
    if (closed || at >= timerAt) return
    timer?.unsubscribe()
    timerAt = at
    timer = clock.scheduler.schedule(turn, Math.min(Math.max(at - time, 0), longestTimerMs))
  }

  const step = (simulated: SimulatedPod, time: number, told: Array<PodObserved>): void => {
    stepPod(simulated, time, scenario, told)
    if (simulated.phase === 'Ended') forget(simulated)
    else putDown(simulated, time)
  }

  const turn = (): void => {
    timerAt = Number.POSITIVE_INFINITY
    const time = now()
    const told: Array<PodObserved> = []
    let steps = 0
    for (; steps < stepsPerTurnMax; steps++) {
      const entry = todo.takeDue(time)
      if (entry === undefined) break
      if (entry.what.dueAt === entry.at) step(entry.what, time, told)
    }
    const pods = dueNow
    dueNow = []
    let taken = 0
    for (; taken < pods.length && steps < stepsPerTurnMax; taken++, steps++) {
      const simulated = pods[taken]!
      if (simulated.dueAt <= time) step(simulated, time, told)
    }
    if (taken < pods.length) dueNow = pods.slice(taken).concat(dueNow)
    if (told.length > 0) observed.next(told)
    setTimer(now())
  }

  return {
    name: 'simulated',
    start: (pod) => {
      if (closed || find(pod.job, pod.pod) !== undefined || hasEnded(pod.uid)) return
      const time = now()
      const simulated = beginPod(pod, scenario, time)
      keep(simulated)
      putDown(simulated, time)
      setTimer(time)
    },
    stop: ({ job, pod }, graceSeconds) => {
      const simulated = find(job, pod)
      if (simulated === undefined) return
      const time = now()
      stopPod(simulated, graceSeconds, time)
      putDown(simulated, time)
      setTimer(time)
    },
    observed$: observed.asObservable(),
    confirm: () => undefined,
    fence: () => Promise.resolve(),
    close: () => {
      closed = true
      timer?.unsubscribe()
      jobs.clear()
      todo.clear()
      dueNow = []
      observed.complete()
      return Promise.resolve()
    },
  }
}
