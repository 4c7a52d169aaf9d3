import { describe, expect, test } from 'vitest'
import { readYaml } from '../../../../src/adapters/manifests/read-yaml.ts'
import { outcomeScenario } from '../../../../src/adapters/runtimes/simulated/outcomes/outcome-scenario.ts'
import { readOutcomes } from '../../../../src/adapters/runtimes/simulated/outcomes/read-outcomes.ts'
import type { PodToRun } from '../../../../src/application/ports/pod-runtime.ts'
import { E } from '../../../../src/prelude.ts'
import { podToRun } from '../../../support/pods.ts'

const read = (text: string, containers: ReadonlyArray<string> = ['main']) => {
  const document = readYaml(text)
  if (E.isLeft(document)) throw new Error('the test is no YAML')
  return readOutcomes(document.right, containers)
}

const scenario = (text: string, { seed = 1, containers = ['main'] } = {}) => {
  const file = read(text, containers)
  if (E.isLeft(file)) throw new Error(JSON.stringify(file.left))
  const play = outcomeScenario(file.right, seed)
  return (pod: Partial<PodToRun> = {}, restart = 0) => play(podToRun(pod), restart)
}

describe('outcomes', () => {
  test('the first that is for a run decides it, else the default', () => {
    const run = scenario(`
default: {duration: 1m30s}
outcomes:
  - {index: 3, attempt: 0-1, exitCode: 4}
  - {index: "1,3-", exitCode: 5}
  - {pod: 7, restart: 2, exitCode: 6}
`)
    const codes = (
      [
        [{ index: 3, attempt: 1 }, 0],
        [{ index: 3, attempt: 2 }, 0],
        [{ index: 2 }, 0],
        [{ index: 1 }, 0],
        [{ index: 99 }, 0],
        [{ index: null, pod: 7 }, 2],
        [{ index: null, pod: 7 }, 1],
      ] as const
    ).map(([pod, restart]) => run(pod, restart).exitCode)
    expect(codes).toStrictEqual([4, 5, undefined, 5, 5, 6, undefined])
    expect(run({ index: 2 })).toStrictEqual({ startDelayMs: 0, runMs: 90_000 })
  })

  test('say everything that a pretended run can do', () => {
    const run = scenario(
      `outcomes: [{startDelay: 2, duration: never, disruption: NodeLost, message: bye, container: b, onSigterm: {takes: 5s, exitCode: 0}}]`,
      { containers: ['a', 'b'] },
    )
    const spec = { initContainers: [{ name: 'a' }], containers: [{ name: 'b' }] }
    expect(run({ spec })).toStrictEqual({
      startDelayMs: 2000,
      runMs: Number.POSITIVE_INFINITY,
      podReason: 'NodeLost',
      message: 'bye',
      container: 1,
      stopMs: 5000,
      stopExitCode: 0,
    })
  })

  test('number the Jobs of a CronJob as their first Pods start', () => {
    const run = scenario('outcomes: [{job: 1, exitCode: 9}]')
    expect(['x', 'y', 'x', 'y'].map((job) => run({ job }).exitCode)).toStrictEqual([undefined, 9, undefined, 9])
  })

  test('that are drawn stay within their bounds, and are the same for a seed whatever the order', () => {
    const text = 'default: {duration: {min: 1s, max: 3s}, failures: {share: 0.25, exitCodes: [1, 137]}}'
    const pods = Array.from({ length: 400 }, (_, pod) => ({ pod, index: pod }))
    const run = scenario(text)
    const runs = pods.map((pod) => run(pod))
    expect(
      pods
        .toReversed()
        .map((pod) => scenario(text)(pod))
        .reverse(),
    ).toStrictEqual(runs)
    expect(pods.map((pod) => scenario(text, { seed: 2 })(pod))).not.toStrictEqual(runs)
    for (const { runMs = 0 } of runs) expect(runMs >= 1000 && runMs <= 3000).toBe(true)
    const codes = runs.map(({ exitCode }) => exitCode ?? 0)
    expect(new Set(codes)).toStrictEqual(new Set([0, 1, 137]))
    expect(codes.filter((code) => code !== 0).length).toBeGreaterThan(60)
    expect(codes.filter((code) => code !== 0).length).toBeLessThan(140)
  })

  test.each<[what: string, text: string, line: number, field: string, reason: string]>([
    ['no mapping', '[]', 1, '', 'must be a mapping, not a list'],
    ['a field that is none', 'default:\n  exitcode: 1', 2, 'default.exitcode', 'unknown field; there are startDelay'],
    ['no list', 'outcomes: 3', 1, 'outcomes', 'must be a list, not 3'],
    ['a code that is none', 'outcomes:\n- exitCode: 0\n- exitCode: 256', 3, 'outcomes[1].exitCode', 'not 256'],
    [
      'a duration without a unit',
      'default: {duration: "5"}',
      1,
      'default.duration',
      'must be a duration such as 1m30s',
    ],
    ['a range upside down', 'default: {duration: {min: 5, max: 1}}', 1, 'default.duration', 'not a mapping'],
    ['a list upside down', 'outcomes: [{pod: 5-3}]', 1, 'outcomes[0].pod', 'not "5-3"'],
    ['a share of more than all', 'default: {failures: {share: 2}}', 1, 'default.failures.share', 'from 0 to 1, not 2'],
    ['no share', 'default: {failures: {}}', 1, 'default.failures', 'needs the field share'],
    ['a disruption that is none', 'default: {disruption: Fire}', 1, 'default.disruption', 'Evicted or NodeLost'],
    ['a time that is none', 'start: 2026-13-01T00:00:00Z', 1, 'start', 'must be a time such as'],
    ['a container that is none', 'default: {container: x}', 1, 'default.container', 'no container "x"; there are main'],
    [
      'two ways to fail',
      'default:\n  exitCode: 1\n  failures: {share: 0.5}',
      3,
      'default.failures',
      'every run fails with 1 already',
    ],
    [
      'two ways to end',
      'default:\n  disruption: Evicted\n  failures: {share: 0.5}',
      3,
      'default.failures',
      'fails anyway',
    ],
  ])('with %s are refused with line and field', (_, text, line, field, reason) => {
    expect(read(text)).toMatchObject(E.left([{ line, field, reason: expect.stringContaining(reason) }]))
  })
})
