import { expect, test } from 'vitest'
import type { CliPorts } from '../../../src/adapters/cli/cli-ports.ts'
import { readByHolder } from '../../../src/adapters/cli/read-by-holder.ts'
import { readForAnother } from '../../../src/adapters/cli/read-for-another.ts'
import { systemClock } from '../../../src/adapters/clock/system-clock.ts'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { openSimulatedRuntime } from '../../../src/adapters/runtimes/simulated/open-simulated-runtime.ts'
import type { HolderSilence } from '../../../src/application/holder/holder-request.ts'
import type { ReadAnswer } from '../../../src/application/holder/read-request.ts'
import { E } from '../../../src/prelude.ts'
import { right } from '../../support/event-stores.ts'
import { manifest } from '../../support/manifests.ts'
import { user, world } from '../../support/world.ts'

const notHere = async () => E.left({ _tag: 'Refused' as const, reason: 'not in this test' })

/** A terminal; what it was told is in `said`. */
const terminal = (over: Partial<CliPorts> = {}) => {
  const said = { out: '', err: '' }
  const ports: CliPorts = {
    out: (text) => void (said.out += text),
    outInTurn: async (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    now: () => Date.now(),
    timeZone: 'UTC',
    terminal: null,
    userName: 'ada',
    defaultDataDir: '/data',
    readJobManifest: async () => E.left(['not in this test']),
    readManifest: async () => E.left(['not in this test']),
    linesOf: async function* () {},
    openReading: notHere,
    openHolding: notHere,
    openServing: notHere,
    kubeconfig: () => E.left('not here'),
    mergeKubeconfig: () => E.left('not here'),
    openLog: notHere,
    openSimulation: async () => E.left(['not in this test']),
    askHolder: async () => E.left({ _tag: 'Nobody', reason: 'not in this test' }),
    askHolderToRead: async () => E.left({ _tag: 'Nobody', reason: 'not in this test' }),
    onHolderGone: () => () => {},
    onOutputGone: () => {},
    onInterrupt: () => () => {},
    containerLog: async function* () {},
    ...over,
  }
  return { ports, said }
}

/** A process that holds a log with one Job, and what it answers to reading commands. */
const holder = async (over: Partial<CliPorts> = {}) => {
  const store = inMemoryEventStore()
  const it = await world({
    store,
    runtime: openSimulatedRuntime({ clock: systemClock }),
    clock: systemClock,
  })
  const { uid } = await right(it.service.create(manifest({}, 'pi'), user))
  await it.until(uid, () => true)
  const { ports, said } = terminal(over)
  const read = readForAnother(ports, { ledger: it.ledger, store }, { dataDir: '/data', log: 'esdb://here' })
  const asked = (log: string, ...words: string[]) => read({ type: 'read', log, words, timeZone: 'UTC' })
  return { ...it, said, read: asked }
}

test('what is in memory is printed for another terminal, with the position it stands for', async () => {
  const it = await holder()
  expect(await it.read('esdb://here', 'get', 'jobs', '--no-headers')).toEqual({
    type: 'printed',
    out: expect.stringMatching(/^pi +Running +0\/1 /),
    err: '',
    exitCode: 0,
    position: String(it.ledger.position()),
  })
  expect(await it.read('esdb://here', 'describe', 'job', 'pi')).toMatchObject({
    out: expect.not.stringContaining('Events:'),
    err: 'events are left out: single events are not kept in memory\n',
    exitCode: 0,
  })
  expect(await it.read('esdb://here', 'get', 'job/e')).toMatchObject({
    out: '',
    err: 'error: jobs.batch "e" not found\n',
    exitCode: 1,
  })
  expect(it.said, 'the process itself says nothing').toEqual({ out: '', err: '' })
})

test('nobody is told of another log than the one asked for', async () => {
  const it = await holder()
  expect(await it.read('esdb://elsewhere', 'get', 'jobs')).toEqual({
    type: 'refused',
    reason: 'the process that holds the data folder has its log in esdb://here',
  })
})

test.each([
  [['suspend', 'job/pi'], 'this process only reads for others'],
  [['delete', 'job/pi'], 'this process only reads for others'],
  [['run', '-f', '-'], 'this process only reads for others'],
  [['apply', '-f', '-'], 'this process only reads for others'],
  [['import', '-f', '-'], 'this process only reads for others'],
  [['history', 'job/pi'], 'single events are not kept in memory'],
])('%j is refused and changes nothing', async (words, reason) => {
  const it = await holder()
  const before = it.ledger.position()
  expect(await it.read('esdb://here', ...words)).toMatchObject({ out: '', err: `error: ${reason}\n`, exitCode: 1 })
  expect(it.ledger.position()).toBe(before)
})

test('a watch ends with what there is', async () => {
  const it = await holder()
  expect(await it.read('esdb://here', 'get', 'jobs', '-w')).toMatchObject({
    out: expect.stringContaining('pi'),
    exitCode: 0,
  })
})

test.each<[string, E.Either<HolderSilence, ReadAnswer>, string]>([
  ['nobody', E.left({ _tag: 'Nobody', reason: 'gone' }), 'it is away'],
  [
    'a process with another log',
    E.right({ type: 'refused', reason: 'its log is elsewhere' }),
    'it is away; its log is elsewhere',
  ],
])('a log that is away is not read where the folder is held by %s', async (_, answer, message) => {
  const { ports } = terminal({ askHolderToRead: async () => answer })
  const away = { _tag: 'Away' as const, reason: 'it is away', log: 'esdb://here' }
  await expect(readByHolder(ports, '/data', ['get', 'jobs'], away)).rejects.toThrow(message)
})
