import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../../src/adapters/clock/system-clock.ts'
import { openSimulatedRuntime } from '../../../../src/adapters/runtimes/simulated/open-simulated-runtime.ts'
import type { Scenario, ScriptedRun } from '../../../../src/adapters/runtimes/simulated/scenario.ts'
import { seededScenario } from '../../../../src/adapters/runtimes/simulated/seeded-scenario.ts'
import type { PodObserved, PodRuntime, PodToRun } from '../../../../src/application/ports/pod-runtime.ts'
import { type Behaviour, podRuntimeContract, type Workbench } from '../../../contracts/pod-runtime-contract.ts'
import { podToRun } from '../../../support/pods.ts'
import { virtualClock } from '../../../support/virtual-clock.ts'

const minute = 60_000

const runThat = (behaviour: Behaviour): ScriptedRun => {
  switch (behaviour.does) {
    case 'succeed':
      return {}
    case 'fail':
      return { exitCode: behaviour.exitCode }
    case 'runLong':
      return { runMs: minute }
    case 'runLongIgnoringSigterm':
      return { runMs: minute, stopMs: Number.POSITIVE_INFINITY }
    case 'exitCleanlyOnSigterm':
      return { runMs: minute, stopExitCode: 0 }
  }
}

const workbench = (under: Pick<Workbench, 'now' | 'passTime'>, clock = systemClock): Workbench => {
  const runs = new Map<string, ScriptedRun>()
  return {
    runtime: openSimulatedRuntime({ clock, scenario: ({ uid }) => runs.get(uid) ?? {} }),
    podThat: (behaviour, ordinal) => {
      const pod = podToRun({ pod: ordinal })
      runs.set(pod.uid, runThat(behaviour))
      return pod
    },
    ...under,
    cleanup: () => Promise.resolve(),
  }
}

podRuntimeContract('the simulated runtime by the system clock', () => workbench({}), { processes: false })

podRuntimeContract(
  'the simulated runtime by a virtual clock',
  () => {
    const clock = virtualClock()
    return workbench({ now: clock.now, passTime: clock.pass }, clock)
  },
  { processes: false },
)

const open: Array<PodRuntime> = []
afterEach(() => Promise.all(open.splice(0).map((runtime) => runtime.close())))

const simulation = (scenario?: Scenario, limits: { stepsPerTurnMax?: number; endedPodsMax?: number } = {}) => {
  const clock = virtualClock(0)
  const runtime = openSimulatedRuntime({ clock, ...(scenario && { scenario }), ...limits })
  const batches: Array<ReadonlyArray<PodObserved>> = []
  runtime.observed$.subscribe((batch) => batches.push(batch))
  open.push(runtime)
  return { clock, runtime, batches, seen: () => batches.flat().map(({ observation }) => observation) }
}

const onFailure: Partial<PodToRun> = { spec: { containers: [{ name: 'main' }], restartPolicy: 'OnFailure' } }

describe('a simulated Pod', () => {
  test('lives as its script says, by the clock it was given', () => {
    const { clock, runtime, seen } = simulation(() => ({
      startDelayMs: 200,
      runMs: 3000,
      exitCode: 7,
      message: 'out of ink',
    }))
    runtime.start(podToRun())
    clock.runAll()
    expect(seen()).toMatchObject([
      { type: 'PodStarted', ready: true, at: 200 },
      { type: 'ContainerExited', container: 0, restart: 0, exitCode: 7, reason: 'Error', startedAt: 200, at: 3200 },
      { type: 'MessageRecorded', container: 0, restart: 0, message: 'out of ink', at: 3200 },
      { type: 'PodFailed', reason: null, exitCode: 7, at: 3200 },
    ])
  })

  test('is scripted by index and attempt', () => {
    const { clock, runtime, seen } = simulation(({ index, attempt }) => ({
      runMs: index ?? 0,
      exitCode: attempt === 0 ? 9 : 0,
    }))
    runtime.start(podToRun({ pod: 0, index: 5, attempt: 0 }))
    runtime.start(podToRun({ pod: 1, index: 6, attempt: 1 }))
    clock.runAll()
    expect(seen().filter(({ type }) => type === 'PodFailed' || type === 'PodSucceeded')).toStrictEqual([
      { type: 'PodFailed', reason: null, exitCode: 9, at: 5 },
      { type: 'PodSucceeded', at: 6 },
    ])
  })

  test('exits in the first app container, counted behind the init containers', () => {
    const { clock, runtime, seen } = simulation(() => ({ exitCode: 1 }))
    runtime.start(podToRun({ spec: { initContainers: [{ name: 'a' }, { name: 'b' }], containers: [{ name: 'c' }] } }))
    clock.runAll()
    expect(seen()).toContainEqual(expect.objectContaining({ type: 'ContainerExited', container: 2 }))
  })

  test('can fail as a whole, with a reason and without an exit code', () => {
    const { clock, runtime, seen } = simulation(() => ({ runMs: 10, podReason: 'NodeLost' }))
    runtime.start(podToRun(onFailure))
    clock.runAll()
    expect(seen()).toStrictEqual([
      { type: 'PodStarted', ready: true, at: 0 },
      { type: 'PodFailed', reason: 'NodeLost', exitCode: null, at: 10 },
    ])
  })

  test('that is stopped does not speak the words its script has for the end', () => {
    const { clock, runtime, seen } = simulation(() => ({
      runMs: minute,
      exitCode: 9,
      message: 'done',
      podReason: 'Evicted',
      containerReason: 'OOMKilled',
    }))
    runtime.start(podToRun(onFailure))
    clock.advance(1000)
    runtime.stop(podToRun(), 30)
    clock.runAll()
    expect(seen().slice(1)).toMatchObject([
      { type: 'ContainerExited', exitCode: 143, reason: 'Error', at: 1000 },
      { type: 'PodFailed', reason: null, exitCode: 143, at: 1000 },
    ])
  })

  test.each<[what: string, run: ScriptedRun, exitCode: number, at: number]>([
    ['takes its time to stop', { runMs: minute, stopMs: 2000 }, 143, 3000],
    ['is killed when the grace is over', { runMs: minute, stopMs: 20_000 }, 137, 11_000],
    ['may end by itself before', { runMs: 1500, stopMs: 20_000, exitCode: 3 }, 3, 1500],
  ])('that is stopped with a grace of 10 s %s', (_, run, exitCode, at) => {
    const { clock, runtime, seen } = simulation(() => run)
    runtime.start(podToRun())
    clock.advance(1000)
    runtime.stop(podToRun(), 10)
    clock.advance(500)
    runtime.stop(podToRun(), 600)
    clock.runAll()
    expect(seen().at(-1)).toStrictEqual({ type: 'PodFailed', reason: null, exitCode, at })
  })

  test('that is stopped before it runs fails without a PodStarted', () => {
    const { clock, runtime, seen } = simulation(() => ({ startDelayMs: 5000 }))
    runtime.start(podToRun())
    clock.advance(1000)
    runtime.stop(podToRun(), 30)
    clock.runAll()
    expect(seen()).toStrictEqual([{ type: 'PodFailed', reason: null, exitCode: null, at: 1000 }])
  })
})

describe('restarts in place', () => {
  test('with OnFailure: the first at once, then with a growing back-off, and each is counted by its ProcessStarted', () => {
    const { clock, runtime, seen } = simulation((_, restart) => ({ runMs: 1000, exitCode: restart < 3 ? 1 : 0 }))
    runtime.start(podToRun(onFailure))
    clock.runAll()
    const told = seen().map((one) => [one.type, one.at, 'restart' in one ? one.restart : null])
    expect(told).toStrictEqual([
      ['PodStarted', 0, null],
      ['ContainerExited', 1000, 0],
      ['PodReadinessChanged', 1000, null],
      ['ProcessStarted', 1000, 1],
      ['PodReadinessChanged', 1000, null],
      ['ContainerExited', 2000, 1],
      ['PodReadinessChanged', 2000, null],
      ['ContainerWaiting', 2000, 1],
      ['ProcessStarted', 12_000, 2],
      ['PodReadinessChanged', 12_000, null],
      ['ContainerExited', 13_000, 2],
      ['PodReadinessChanged', 13_000, null],
      ['ContainerWaiting', 13_000, 2],
      ['ProcessStarted', 33_000, 3],
      ['PodReadinessChanged', 33_000, null],
      ['PodSucceeded', 34_000, null],
    ])
    expect(seen()).toContainEqual(
      expect.objectContaining({
        type: 'ContainerWaiting',
        reason: 'CrashLoopBackOff',
        until: 33_000,
        backoffMs: 20_000,
      }),
    )
  })

  test('end with a stop, also in the middle of a back-off', () => {
    const { clock, runtime, seen } = simulation(() => ({ exitCode: 4 }))
    runtime.start(podToRun(onFailure))
    clock.advance(5000)
    runtime.stop(podToRun(), 30)
    clock.runAll()
    expect(seen().at(-1)).toStrictEqual({ type: 'PodFailed', reason: null, exitCode: 4, at: 5000 })
  })
})

describe('the simulated runtime', () => {
  test('tells ten thousand Pods of no duration in few batches, two observations each', () => {
    const { clock, runtime, batches, seen } = simulation()
    for (let pod = 0; pod < 10_000; pod++) runtime.start(podToRun({ pod }))
    clock.runAll()
    expect(seen()).toHaveLength(20_000)
    expect(batches).toHaveLength(2)
    expect(clock.now()).toBe(0)
  })

  test('tells no more steps in a turn than it may, and loses none', () => {
    const { clock, runtime, batches } = simulation(({ pod }) => ({ runMs: pod % 2 }), { stepsPerTurnMax: 10 })
    for (let pod = 0; pod < 95; pod++) runtime.start(podToRun({ pod }))
    clock.runAll()
    expect(batches.map((batch) => batch.length).every((size) => size <= 20)).toBe(true)
    expect(batches.flat()).toHaveLength(190)
  })

  test('has no timer left when every Pod has ended', () => {
    const { clock, runtime } = simulation(() => ({ runMs: minute }))
    runtime.start(podToRun())
    clock.advance(1)
    runtime.stop(podToRun(), 0)
    clock.advance(1)
    runtime.start(podToRun({ pod: 1 }))
    clock.runAll()
    expect(clock.now()).toBe(minute + 2)
  })

  test('waits for what is further ahead than any timer of the machine', () => {
    const year = 365 * 24 * 60 * minute
    const { clock, runtime, seen } = simulation(() => ({ runMs: year }))
    runtime.start(podToRun())
    clock.advance(year - 1)
    expect(seen()).toHaveLength(1)
    clock.advance(1)
    expect(seen().at(-1)).toStrictEqual({ type: 'PodSucceeded', at: year })
  })

  test('forgets the Pods that ended long ago when there are too many to remember', () => {
    const { clock, runtime, seen } = simulation(undefined, { endedPodsMax: 2 })
    for (let pod = 0; pod < 5; pod++) runtime.start(podToRun({ pod }))
    clock.runAll()
    for (const pod of [2, 3, 4]) runtime.start(podToRun({ pod }))
    clock.runAll()
    expect(seen()).toHaveLength(10)
    runtime.start(podToRun({ pod: 0 }))
    clock.runAll()
    expect(seen()).toHaveLength(12)
  })

  test('goes on when the clock is set back', () => {
    const clock = virtualClock(1000)
    let back = 0
    const runtime = openSimulatedRuntime({
      clock: { ...clock, now: () => clock.now() - back },
      scenario: () => ({ runMs: 500 }),
    })
    const seen: Array<PodObserved> = []
    runtime.observed$.subscribe((batch) => seen.push(...batch))
    runtime.start(podToRun())
    clock.advance(100)
    back = 1_000_000
    clock.advance(1000)
    expect(seen.map(({ observation }) => observation.type)).toStrictEqual(['PodStarted', 'PodSucceeded'])
  })

  test('starts what a listener asks for in answer to an observation', () => {
    const { clock, runtime, seen } = simulation()
    runtime.observed$.subscribe((batch) => {
      for (const { pod, observation } of batch) {
        if (observation.type === 'PodSucceeded' && pod < 4) runtime.start(podToRun({ pod: pod + 1 }))
      }
    })
    runtime.start(podToRun())
    clock.runAll()
    expect(seen()).toHaveLength(10)
  })
})

describe('a seeded scenario', () => {
  test('is the same for the same seed whatever the order, another for another seed', () => {
    const lives = (seed: number, pods: ReadonlyArray<number>) => {
      const scenario = seededScenario(seed)
      return new Map(pods.map((pod) => [pod, scenario(podToRun({ pod }), 0)]))
    }
    const rising = Array.from({ length: 100 }, (_, i) => i)
    expect(lives(1, rising.toReversed())).toStrictEqual(new Map([...lives(1, rising)].toReversed()))
    expect(lives(1, rising)).not.toStrictEqual(lives(2, rising))
  })

  test('keeps to its odds', () => {
    const scenario = seededScenario(7, { failureShare: 0.25, runMsMax: 10, startDelayMsMax: 0, exitCodes: [3, 4] })
    const lives = Array.from({ length: 4000 }, (_, index) => scenario(podToRun({ index }), 0))
    const failures = lives.filter(({ exitCode }) => exitCode !== 0)
    expect(failures.length).toBeGreaterThan(900)
    expect(failures.length).toBeLessThan(1100)
    expect(new Set(failures.map(({ exitCode }) => exitCode))).toStrictEqual(new Set([3, 4]))
    expect(new Set(lives.map(({ runMs }) => runMs))).toStrictEqual(new Set(Array.from({ length: 11 }, (_, ms) => ms)))
    expect(lives.every(({ startDelayMs }) => startDelayMs === 0)).toBe(true)
  })

  test('draws anew for another attempt or restart', () => {
    const scenario = seededScenario(7, { runMsMax: 1e9 })
    const runs = [scenario(podToRun(), 0), scenario(podToRun({ attempt: 1 }), 0), scenario(podToRun(), 1)]
    expect(new Set(runs.map(({ runMs }) => runMs)).size).toBe(3)
  })

  test('whatever the seed, every Pod ends once and its times never fall', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.nat(2000), { maxLength: 20 }), (seed, stops) => {
        const { clock, runtime, batches } = simulation(seededScenario(seed, { failureShare: 0.5 }))
        for (let pod = 0; pod < 20; pod++) runtime.start(podToRun({ pod, ...(pod % 2 === 0 ? onFailure : {}) }))
        for (const [pod, ms] of stops.entries()) {
          clock.advance(ms / 10)
          runtime.stop({ job: 'job-a', pod }, ms % 3)
        }
        clock.runAll()
        for (let pod = 0; pod < 20; pod++) {
          const told = batches.flat().flatMap((one) => (one.pod === pod ? [one.observation] : []))
          const ends = told.filter(({ type }) => type === 'PodSucceeded' || type === 'PodFailed')
          expect(ends).toStrictEqual([told.at(-1)])
          expect(told.map(({ at }) => at)).toStrictEqual(told.map(({ at }) => at).toSorted((a, b) => a - b))
        }
      }),
      { numRuns: 50 },
    )
  })
})
