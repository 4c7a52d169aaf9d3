import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PodObserved, PodRuntime, PodToRun } from '../../src/application/ports/pod-runtime.ts'
import type { PodObservation } from '../../src/domain/job/observations.ts'
import { isAlive } from '../support/processes.ts'

/**
 * What the one container of a Pod does. All but the first two run for at least a minute when nobody stops them:
 * `runLong` dies of SIGTERM (143), `runLongIgnoringSigterm` only of SIGKILL (137), `exitCleanlyOnSigterm` exits 0 on SIGTERM.
 */
export type Behaviour =
  | { readonly does: 'succeed' }
  | { readonly does: 'fail'; readonly exitCode: number }
  | { readonly does: 'runLong' }
  | { readonly does: 'runLongIgnoringSigterm' }
  | { readonly does: 'exitCleanlyOnSigterm' }

export type Workbench = {
  readonly runtime: PodRuntime
  /** A Pod of one container and restartPolicy Never that behaves so. `pod` is its ordinal: distinct ordinals, distinct uids. */
  readonly podThat: (behaviour: Behaviour, pod: number) => PodToRun
  /** Resolves when the Pod's own code is ready to receive signals (traps set). Absent: 300 ms are given. */
  readonly settled?: (pod: PodToRun) => Promise<void>
  /** Whether the user's code of a Pod that succeeds or fails has left its mark. Absent: only observations are judged. */
  readonly hasRun?: (pod: PodToRun) => boolean
  /** Lets this much time pass on the runtime's clock. Absent: the wall clock. */
  readonly passTime?: (ms: number) => Promise<void>
  /** The runtime's clock. Absent: the wall clock. */
  readonly now?: () => number
  /** Called once after each test, after `runtime.close()`. */
  readonly cleanup: () => Promise<void>
}

type Type = PodObservation['type']
type Of<K extends Type> = Extract<PodObservation, { type: K }>

const isTerminal = ({ type }: PodObservation) => type === 'PodSucceeded' || type === 'PodFailed'
const secondsToWait = 15

/**
 * The promises of the port `PodRuntime`, whatever runs the Pods. `processes: false` is for a runtime whose Pods are no
 * processes of the operating system: it says no `ProcessStarted`, needs no `confirm`, and may leave `ContainerExited` out
 * for a container that exited 0.
 */
export const podRuntimeContract = (
  name: string,
  make: () => Promise<Workbench> | Workbench,
  { processes = true }: { readonly processes?: boolean } = {},
): void => {
  describe(`${name} keeps the contract of a Pod runtime`, () => {
    let bench: Workbench
    let begun: number
    let confirming: boolean
    let ended: boolean
    let seen: Array<PodObserved>

    const now = () => bench.now?.() ?? Date.now()
    const passTime = (ms: number) => bench.passTime?.(ms) ?? sleep(ms)
    const settled = (pod: PodToRun) => bench.settled?.(pod) ?? passTime(300)

    const of = (pod: PodToRun): ReadonlyArray<PodObservation> =>
      seen.filter((one) => one.job === pod.job && one.pod === pod.pod).map(({ observation }) => observation)
    const typesOf = (pod: PodToRun) => of(pod).map(({ type }) => type)
    const find = <K extends Type>(pod: PodToRun, type: K): Of<K> | undefined =>
      of(pod).find((observation): observation is Of<K> => observation.type === type)
    const processesSeen = () =>
      seen.flatMap(({ observation }) => (observation.type === 'ProcessStarted' ? [observation] : []))

    const until = async (what: string, holds: () => boolean): Promise<void> => {
      const deadline = performance.now() + secondsToWait * 1000
      while (!holds()) {
        if (performance.now() > deadline) {
          throw new Error(`waited ${secondsToWait} s for ${what}; seen: ${JSON.stringify(seen).slice(0, 2000)}`)
        }
        await passTime(10)
      }
    }
    const untilTold = (pod: PodToRun, type: Type) =>
      until(`${type} of Pod ${pod.pod}`, () => typesOf(pod).includes(type))
    const untilEnded = (pod: PodToRun) => until(`the end of Pod ${pod.pod}`, () => of(pod).some(isTerminal))

    const started = (behaviour: Behaviour, ordinal = 0): PodToRun => {
      const pod = bench.podThat(behaviour, ordinal)
      bench.runtime.start(pod)
      return pod
    }
    const running = async (behaviour: Behaviour, ordinal = 0): Promise<PodToRun> => {
      const pod = started(behaviour, ordinal)
      await untilTold(pod, 'PodStarted')
      await settled(pod)
      return pod
    }

    beforeEach(async () => {
      bench = await make()
      begun = now()
      confirming = true
      ended = false
      seen = []
      bench.runtime.observed$.subscribe({
        next: (batch) => {
          seen.push(...batch)
          if (!confirming) return
          for (const { job, pod, observation } of batch) {
            if (observation.type !== 'ProcessStarted') continue
            bench.runtime.confirm({ job, pod }, observation.container, observation.restart)
          }
        },
        complete: () => {
          ended = true
        },
      })
    })

    afterEach(async () => {
      await bench.runtime.close()
      await bench.cleanup()
    })

    const successfulLife: ReadonlyArray<Type> = processes
      ? ['ProcessStarted', 'PodStarted', 'ContainerExited', 'PodSucceeded']
      : ['PodStarted', 'PodSucceeded']
    const failedLife: ReadonlyArray<Type> = processes
      ? ['ProcessStarted', 'PodStarted', 'ContainerExited', 'PodFailed']
      : ['PodStarted', 'ContainerExited', 'PodFailed']
    const landmarks = (pod: PodToRun) =>
      typesOf(pod).filter((type) => [...successfulLife, ...failedLife].includes(type))

    test('a Pod whose container exits 0 succeeds, and its life is told in order', async () => {
      const pod = started({ does: 'succeed' })
      await untilEnded(pod)
      expect(landmarks(pod).filter((type) => processes || type !== 'ContainerExited')).toStrictEqual(successfulLife)
    })

    test('a Pod whose container exits otherwise fails with its exit code', async () => {
      const pod = started({ does: 'fail', exitCode: 42 })
      await untilEnded(pod)
      expect(landmarks(pod)).toStrictEqual(failedLife)
      expect(find(pod, 'ContainerExited')).toMatchObject({ container: 0, restart: 0, exitCode: 42, reason: 'Error' })
      expect(find(pod, 'PodFailed')).toMatchObject({ reason: null, exitCode: 42 })
    })

    test('the end of a Pod is told once and is the last word about it', async () => {
      const pods = [started({ does: 'succeed' }, 0), started({ does: 'fail', exitCode: 1 }, 1)]
      for (const pod of pods) await untilEnded(pod)
      for (const pod of pods) bench.runtime.stop(pod, 0)
      await passTime(300)
      for (const pod of pods) {
        expect(of(pod).filter(isTerminal)).toHaveLength(1)
        expect(isTerminal(of(pod).at(-1)!)).toBe(true)
      }
    })

    test('times are those of the clock and never fall within a Pod', async () => {
      const pods = [started({ does: 'succeed' }, 0), started({ does: 'fail', exitCode: 1 }, 1)]
      for (const pod of pods) await untilEnded(pod)
      for (const pod of pods) {
        const times = of(pod).map(({ at }) => at)
        expect(times).toStrictEqual(times.toSorted((a, b) => a - b))
        expect(times[0]).toBeGreaterThanOrEqual(begun - 1)
        expect(times.at(-1)).toBeLessThanOrEqual(now() + 1)
      }
      const exit = find(pods[1]!, 'ContainerExited')!
      expect(exit.startedAt).toBeGreaterThanOrEqual(begun - 1)
      expect(exit.startedAt).toBeLessThanOrEqual(exit.at)
    })

    test('starting the same Pod again is nothing, while it lives and after its end', async () => {
      const pod = started({ does: 'succeed' })
      bench.runtime.start(pod)
      await untilEnded(pod)
      bench.runtime.start({ ...pod })
      await passTime(300)
      expect(typesOf(pod).filter((type) => type === 'PodStarted')).toHaveLength(1)
      expect(of(pod).filter(isTerminal)).toHaveLength(1)
      expect(processesSeen()).toHaveLength(processes ? 1 : 0)
    })

    test('many Pods at once each have a whole life in order', async () => {
      const pods = Array.from({ length: 50 }, (_, i) =>
        started(i % 5 === 0 ? { does: 'fail', exitCode: 3 } : { does: 'succeed' }, i),
      )
      await until('the end of all Pods', () => seen.filter(({ observation }) => isTerminal(observation)).length >= 50)
      await passTime(50)
      for (const [i, pod] of pods.entries()) {
        const life = landmarks(pod).filter((type) => processes || i % 5 === 0 || type !== 'ContainerExited')
        expect(life).toStrictEqual(i % 5 === 0 ? failedLife : successfulLife)
      }
    })

    test('a running Pod that is stopped dies of SIGTERM and fails', async () => {
      const pod = await running({ does: 'runLong' })
      expect(of(pod).some(isTerminal)).toBe(false)
      bench.runtime.stop(pod, 30)
      await untilEnded(pod)
      expect(find(pod, 'ContainerExited')).toMatchObject({ exitCode: 143 })
      expect(find(pod, 'PodFailed')).toMatchObject({ exitCode: 143 })
    })

    test('a stopped Pod whose container exits 0 has succeeded', async () => {
      const pod = await running({ does: 'exitCleanlyOnSigterm' })
      bench.runtime.stop(pod, 30)
      await untilEnded(pod)
      expect(typesOf(pod).at(-1)).toBe('PodSucceeded')
    })

    test('who ignores SIGTERM is killed after the grace, not before', async () => {
      const pod = await running({ does: 'runLongIgnoringSigterm' })
      const asked = now()
      bench.runtime.stop(pod, 1)
      await untilEnded(pod)
      expect(find(pod, 'ContainerExited')).toMatchObject({ exitCode: 137 })
      expect(find(pod, 'PodFailed')!.at - asked).toBeGreaterThanOrEqual(990)
    })

    test('a second stop may shorten the grace to nothing', async () => {
      const pod = await running({ does: 'runLongIgnoringSigterm' })
      bench.runtime.stop(pod, 600)
      await passTime(100)
      expect(of(pod).some(isTerminal)).toBe(false)
      bench.runtime.stop(pod, 0)
      await untilEnded(pod)
      expect(find(pod, 'ContainerExited')).toMatchObject({ exitCode: 137 })
    })

    test('stopping one Pod leaves the others alone, stopping an unknown one is nothing', async () => {
      const [stopped, other] = [await running({ does: 'runLong' }, 0), await running({ does: 'runLong' }, 1)]
      bench.runtime.stop({ job: 'job-nobody-knows', pod: 0 }, 0)
      bench.runtime.stop({ job: other.job, pod: 4711 }, 0)
      bench.runtime.stop(stopped, 30)
      await untilEnded(stopped)
      await passTime(100)
      expect(of(other).some(isTerminal)).toBe(false)
      expect(seen.every(({ job, pod }) => job === other.job && pod < 2)).toBe(true)
    })

    test('a Pod stopped in the same breath as it was started ends once', async () => {
      const pod = started({ does: 'runLong' })
      bench.runtime.stop(pod, 0)
      await untilEnded(pod)
      await passTime(300)
      expect(of(pod).filter(isTerminal)).toHaveLength(1)
      expect(typesOf(pod).at(-1)).toBe('PodFailed')
    })

    test('fencing nothing is done at once', () => expect(bench.runtime.fence([])).resolves.toBeUndefined())

    test('closing ends the stream of observations, also when Pods run, and a second close is nothing', async () => {
      await running({ does: 'runLong' }, 0)
      await running({ does: 'runLongIgnoringSigterm' }, 1)
      await bench.runtime.close()
      expect(ended).toBe(true)
      const told = seen.length
      await bench.runtime.close()
      bench.runtime.start(bench.podThat({ does: 'succeed' }, 2))
      bench.runtime.stop({ job: 'job-a', pod: 0 }, 0)
      await passTime(300)
      expect(seen).toHaveLength(told)
      expect(processesSeen().filter(isAlive)).toStrictEqual([])
    })

    if (!processes) return

    describe('as a runtime of processes', () => {
      test('a container that exited 0 is told as Completed', async () => {
        const pod = started({ does: 'succeed' })
        await untilEnded(pod)
        expect(find(pod, 'ContainerExited')).toMatchObject({ exitCode: 0, reason: 'Completed' })
      })

      test('nothing runs before its ProcessStarted is confirmed', async () => {
        confirming = false
        const pod = started({ does: 'succeed' })
        await untilTold(pod, 'ProcessStarted')
        await passTime(500)
        expect(typesOf(pod).filter((type) => type !== 'ContainerWaiting')).toStrictEqual(['ProcessStarted'])
        expect(bench.hasRun?.(pod) ?? false).toBe(false)
        bench.runtime.confirm(pod, 0, 0)
        bench.runtime.confirm(pod, 0, 0)
        await untilEnded(pod)
        expect(landmarks(pod)).toStrictEqual(successfulLife)
        expect(bench.hasRun?.(pod) ?? true).toBe(true)
      })

      test('a process that waits for its confirmation is alive and says who it is', async () => {
        confirming = false
        const pod = started({ does: 'succeed' })
        await untilTold(pod, 'ProcessStarted')
        const process = find(pod, 'ProcessStarted')!
        expect(process).toMatchObject({ container: 0, restart: 0 })
        expect(process.bootId).not.toBe('')
        expect(isAlive(process)).toBe(true)
      })

      test('a confirmation of what was never started is nothing', async () => {
        bench.runtime.confirm({ job: 'job-nobody-knows', pod: 0 }, 0, 0)
        const pod = started({ does: 'succeed' })
        bench.runtime.confirm(pod, 7, 0)
        bench.runtime.confirm(pod, 0, 7)
        await untilEnded(pod)
        expect(landmarks(pod)).toStrictEqual(successfulLife)
      })

      test('a Pod stopped before its confirmation fails without ever having run', async () => {
        confirming = false
        const pod = started({ does: 'succeed' })
        await untilTold(pod, 'ProcessStarted')
        bench.runtime.stop(pod, 0)
        await untilEnded(pod)
        bench.runtime.confirm(pod, 0, 0)
        await passTime(300)
        expect(typesOf(pod)).not.toContain('PodStarted')
        expect(typesOf(pod).at(-1)).toBe('PodFailed')
        expect(bench.hasRun?.(pod) ?? false).toBe(false)
        expect(processesSeen().filter(isAlive)).toStrictEqual([])
      })

      test('no process is left of Pods that ended', async () => {
        const pods = [started({ does: 'succeed' }, 0), await running({ does: 'runLong' }, 1)]
        bench.runtime.stop(pods[1]!, 0)
        for (const pod of pods) await untilEnded(pod)
        expect(processesSeen()).toHaveLength(2)
        expect(processesSeen().filter(isAlive)).toStrictEqual([])
      })

      test('fencing kills the very process and spares one that only has its pid', async () => {
        const pod = await running({ does: 'runLong' })
        const { bootId, pid, startTicks } = find(pod, 'ProcessStarted')!
        const identity = { podUid: pod.uid, bootId, pid, startTicks }
        await bench.runtime.fence([
          { ...identity, startTicks: startTicks + 1 },
          { ...identity, bootId: 'another-boot' },
        ])
        expect(isAlive(identity)).toBe(true)
        await bench.runtime.fence([identity])
        expect(isAlive(identity)).toBe(false)
      })
    })
  })
}
