import { describe, expect, test } from 'vitest'
import {
  type Action,
  type Input,
  newLife,
  type PodLife,
  type RestartPolicy,
  type Role,
  step,
} from '../../../../src/adapters/runtimes/sandbox/pod-lifecycle.ts'

/** A Pod lived through by telling it what happens, second by second; answers what it did, briefly. */
const lived = (...containers: ReadonlyArray<readonly [role: Role, restartPolicy: RestartPolicy]>) => {
  const plan = containers.map(([role, restartPolicy]) => ({ role, restartPolicy }))
  let life: PodLife = newLife(plan, { graceMs: 30_000, backoffMs: 10_000 })
  let now = 0
  return (input: Input, seconds = 1): ReadonlyArray<string> => {
    now += seconds * 1000
    const { pod, actions } = step(life, input, now)
    life = pod
    return actions.map(briefly)
  }
}

const briefly = (action: Action): string => {
  switch (action.type) {
    case 'start':
      return `start ${action.container}.${action.restart}`
    case 'terminate':
    case 'kill':
      return `${action.type} ${action.container}`
    case 'retryAt':
      return `retry ${action.container} at ${action.at / 1000}`
    case 'graceUntil':
      return `grace until ${action.at / 1000}`
    case 'say': {
      const { type, ...rest } = action.observation
      if (type === 'PodFailed' && 'exitCode' in rest) return `PodFailed ${rest.reason} ${rest.exitCode}`
      if (type === 'PodStarted' || type === 'PodReadinessChanged') return `${type} ${'ready' in rest && rest.ready}`
      return type
    }
  }
}

const begin: Input = { type: 'begin' }
const stop = (graceSeconds: number): Input => ({ type: 'stop', graceMs: graceSeconds * 1000 })
const released = (container: number): Input => ({ type: 'released', container })
const exited = (container: number, exitCode: number): Input => ({ type: 'exited', container, exitCode })

test('one container: started, released, ended', () => {
  const happens = lived(['app', 'Never'])
  expect(happens(begin)).toStrictEqual(['start 0.0'])
  expect(happens(released(0))).toStrictEqual(['PodStarted true'])
  expect(happens(exited(0, 0))).toContain('PodSucceeded')
  expect(happens(stop(0))).toStrictEqual([])
})

test('app containers start together after the last init container', () => {
  const happens = lived(['init', 'Never'], ['init', 'Never'], ['app', 'Never'], ['app', 'Never'])
  expect(happens(begin)).toStrictEqual(['start 0.0'])
  expect(happens(released(0))).toStrictEqual([])
  expect(happens(exited(0, 0))).toStrictEqual(['start 1.0'])
  happens(released(1))
  expect(happens(exited(1, 0))).toStrictEqual(['start 2.0', 'start 3.0'])
  expect(happens(released(2))).toStrictEqual([])
  expect(happens(released(3))).toStrictEqual(['PodStarted true'])
  expect(happens(exited(2, 7))).toStrictEqual(['PodReadinessChanged false'])
  expect(happens(exited(3, 0)).at(-1)).toBe('PodFailed null 7')
})

test('a failed init container fails a Pod that never restarts', () => {
  const happens = lived(['init', 'Never'], ['app', 'Never'])
  happens(begin)
  happens(released(0))
  expect(happens(exited(0, 3)).at(-1)).toBe('PodFailed null 3')
})

test('a container that fails is restarted at once, then after 10 s, 20 s', () => {
  const happens = lived(['app', 'OnFailure'])
  happens(begin)
  happens(released(0))
  expect(happens(exited(0, 1))).toStrictEqual(['start 0.1', 'PodReadinessChanged false'])
  expect(happens(released(0))).toStrictEqual(['PodReadinessChanged true'])
  expect(happens(exited(0, 1))).toStrictEqual(['ContainerWaiting', 'retry 0 at 15', 'PodReadinessChanged false'])
  expect(happens({ type: 'retry', container: 0 }, 10)).toStrictEqual(['start 0.2'])
  happens(released(0))
  expect(happens(exited(0, 1))).toContain('retry 0 at 37')
  happens({ type: 'retry', container: 0 }, 20)
  happens(released(0))
  expect(happens(exited(0, 0)).at(-1)).toBe('PodSucceeded')
})

test('a Pod stopped in back-off has failed with its last exit code', () => {
  const happens = lived(['app', 'OnFailure'])
  happens(begin)
  happens(released(0))
  happens(exited(0, 9))
  happens(released(0))
  happens(exited(0, 9))
  expect(happens(stop(30)).at(-1)).toBe('PodFailed null 9')
  expect(happens({ type: 'retry', container: 0 })).toStrictEqual([])
})

test('a container of its own restart policy keeps to it', () => {
  const happens = lived(['app', 'OnFailure'], ['app', 'Never'])
  happens(begin)
  happens(released(0))
  happens(released(1))
  expect(happens(exited(1, 4))).toStrictEqual(['PodReadinessChanged false'])
  expect(happens(exited(0, 4))).toStrictEqual(['start 0.1'])
  happens(released(0))
  expect(happens(exited(0, 0)).at(-1)).toBe('PodFailed null 4')
})

describe('sidecars', () => {
  const withTwo = () => {
    const happens = lived(['sidecar', 'Always'], ['sidecar', 'Always'], ['app', 'Never'])
    expect(happens(begin)).toStrictEqual(['start 0.0'])
    expect(happens(released(0))).toStrictEqual(['start 1.0'])
    expect(happens(released(1))).toStrictEqual(['start 2.0'])
    expect(happens(released(2))).toStrictEqual(['PodStarted true'])
    return happens
  }

  test('end after the app containers, the last first, and do not decide', () => {
    const happens = withTwo()
    expect(happens(exited(2, 0))).toStrictEqual(['grace until 35', 'terminate 1', 'PodReadinessChanged false'])
    expect(happens(exited(1, 143))).toStrictEqual(['terminate 0'])
    expect(happens(exited(0, 137))).toContain('PodSucceeded')
  })

  test('restart whatever their exit code', () => {
    const happens = withTwo()
    expect(happens(exited(0, 0))).toContain('start 0.1')
  })

  test('are signalled after the app containers when the Pod is stopped, and killed with them when the grace is over', () => {
    const happens = withTwo()
    expect(happens(stop(5))).toStrictEqual(['grace until 10', 'terminate 2'])
    expect(happens({ type: 'graceOver' }, 5)).toStrictEqual(['grace until 10', 'kill 0', 'kill 1', 'kill 2'])
    happens(exited(2, 137))
    happens(exited(1, 137))
    expect(happens(exited(0, 137)).at(-1)).toBe('PodFailed null 137')
  })
})

describe('a stopped Pod', () => {
  test('that never began has failed with no exit code', () => {
    expect(lived(['app', 'Never'])(stop(30)).at(-1)).toBe('PodFailed null null')
  })

  test('whose process was not released yet is killed, and what killed it does not count', () => {
    const happens = lived(['app', 'Never'])
    happens(begin)
    expect(happens(stop(30))).toContain('kill 0')
    expect(happens(released(0))).not.toContain('PodStarted true')
    expect(happens(exited(0, 137)).at(-1)).toBe('PodFailed null null')
  })

  test('restarts nothing, and may have succeeded', () => {
    const happens = lived(['app', 'OnFailure'], ['app', 'OnFailure'])
    happens(begin)
    happens(released(0))
    happens(released(1))
    expect(happens(stop(30))).toStrictEqual(['grace until 34', 'terminate 0', 'terminate 1'])
    expect(happens(exited(0, 0))).toStrictEqual(['PodReadinessChanged false'])
    expect(happens(exited(1, 0))).toContain('PodSucceeded')
  })

  test('may be given a shorter grace, never a longer one', () => {
    const happens = lived(['app', 'Never'])
    happens(begin)
    happens(released(0))
    expect(happens(stop(30))).toStrictEqual(['grace until 33', 'terminate 0'])
    expect(happens(stop(60))).toStrictEqual(['grace until 33'])
    expect(happens(stop(0))).toStrictEqual(['grace until 5', 'kill 0'])
  })
})

test('a Pod whose deadline passes ends gracefully and failed for that reason, also when it exits 0', () => {
  const happens = lived(['app', 'OnFailure'])
  happens(begin)
  happens(released(0))
  expect(happens({ type: 'deadline' })).toStrictEqual(['grace until 33', 'terminate 0'])
  expect(happens(exited(0, 0)).at(-1)).toBe('PodFailed DeadlineExceeded null')
})
