import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findMemoryController } from '../../../../src/adapters/runtimes/sandbox/memory-controller.ts'
import type { Container } from '../../../../src/domain/kubernetes/pod-spec.ts'
import { type Bench, memoryGroupsWork, modes, openBench, sh } from './bench.ts'

const limited = (memory: string, container: Container): Container => ({
  ...container,
  resources: { limits: { memory } },
})

const combinations = modes.flatMap((mode) => [
  ...(memoryGroupsWork ? [{ mode, memoryLimits: 'auto' as const }] : []),
  { mode, memoryLimits: 'accounting' as const },
])

describe.each(combinations)('in $mode mode, with memory limits by $memoryLimits', ({ mode, memoryLimits }) => {
  let bench: Bench
  beforeAll(async () => {
    bench = await openBench(mode, { memoryLimits })
  })
  afterAll(() => bench.close())

  test('who needs more memory than its limit is killed as OOMKilled', async () => {
    const eat = 'const all = []; setInterval(() => all.push(Buffer.alloc(8e6, 1)), 5)'
    const folder = dirname(process.execPath)
    const container = {
      name: 'main',
      image: 'i',
      command: [process.execPath, '-e', eat],
      volumeMounts: [{ name: 'node', mountPath: folder }],
    }
    const volumes = [{ name: 'node', hostPath: { path: folder } }]
    const pod = bench.start({ containers: [limited('150Mi', container)], volumes })
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', exitCode: 137 })
    expect(pod.all('ContainerExited')).toMatchObject([{ exitCode: 137, signal: 9, reason: 'OOMKilled' }])
  })

  test('who stays below its limit runs to its end', async () => {
    const pod = bench.start({ containers: [limited('150Mi', sh('dd if=/dev/zero of=/dev/null bs=50M count=1'))] })
    expect(await pod.end()).toMatchObject({ type: 'PodSucceeded' })
  })

  test('a limit of 0 is none', async () => {
    const pod = bench.start({ containers: [limited('0', sh('sleep 0.2'))] })
    expect(await pod.end()).toMatchObject({ type: 'PodSucceeded' })
  })

  test('who has a limit is in a control group of its own, or in ours when limits are added up', async () => {
    const pods = ['100Mi', '200Mi'].map((limit) =>
      bench.start({ containers: [limited(limit, sh('cat /proc/self/cgroup'))] }),
    )
    for (const pod of pods) await pod.end()
    const own = readFileSync('/proc/self/cgroup', 'utf8')
    const groups = pods.map((pod) => bench.logOf(pod))
    if (memoryLimits === 'accounting') return expect(groups).toStrictEqual([own, own])
    for (const [i, { pod }] of pods.entries()) {
      expect(groups[i]).toMatch(new RegExp(`/jobledger-\\d+-\\d+/${pod.uid.replace('/', '%2f')}-0-0$`, 'm'))
    }
  })

  if (memoryLimits === 'accounting') return

  test('nobody is quick enough to take more than its limit unseen', async () => {
    const pod = bench.start({ containers: [limited('50Mi', sh('exec dd if=/dev/zero of=/dev/null bs=200M count=1'))] })
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', exitCode: 137 })
    expect(pod.all('ContainerExited')).toMatchObject([{ exitCode: 137, signal: 9, reason: 'OOMKilled' }])
  })

  test.each([
    ['lives on', 'sleep 60'],
    ['ends well', 'exit 0'],
  ])('when one process is too much and the first one %s, the container ends as OOMKilled', async (_, next) => {
    const script = `dd if=/dev/zero of=/dev/null bs=200M count=1; echo after; ${next}`
    const pod = bench.start({ containers: [limited('50Mi', sh(script))] })
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', exitCode: 137 })
    expect(pod.all('ContainerExited')).toMatchObject([{ exitCode: 137, reason: 'OOMKilled' }])
  })
})

test.runIf(memoryGroupsWork)('a runtime that is closed leaves no control group', async () => {
  const bench = await openBench('process')
  const pod = bench.start({ containers: [limited('50Mi', sh('cat /proc/self/cgroup; sleep 60'))] })
  const { pid } = await pod.told('ProcessStarted')
  await pod.told('PodStarted')
  const name = await vi.waitFor(() => {
    const found = /\/(jobledger-[^/\n]+)/.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1]
    if (found === undefined) throw new Error('the process is not in a group of its own yet')
    return found
  })
  const controller = findMemoryController()
  const folder = join(controller?.folder ?? '', controller?.version === 2 && !controller.isTop ? '..' : '.', name)
  expect(existsSync(folder)).toBe(true)
  await bench.close()
  expect(existsSync(folder)).toBe(false)
})
