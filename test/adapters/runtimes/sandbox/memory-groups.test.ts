import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findMemoryController } from '../../../../src/adapters/runtimes/sandbox/memory-controller.ts'
import { memoryGroups } from '../../../../src/adapters/runtimes/sandbox/memory-groups.ts'
import { memoryGroupsWork } from './bench.ts'

describe.runIf(memoryGroupsWork)('in the control groups of this machine', () => {
  const controller = findMemoryController()
  const place = join(controller?.folder ?? '', controller?.version === 2 && !controller.isTop ? '..' : '.')
  const ours = () => readdirSync(place).filter((name) => name.startsWith(`jobledger-${process.pid}-`))
  let child: ChildProcess
  beforeEach(() => {
    child = spawn('sleep', ['60'])
  })
  afterEach(() => child.kill('SIGKILL'))
  const ended = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  test('a process enters a group, which is gone once it was removed and all are closed', async () => {
    const groups = memoryGroups()
    const group = groups.enter('uid-0-0', 50_000_000, child.pid!)
    expect(group?.members()).toStrictEqual([child.pid])
    expect(group?.hasKilled()).toBe(false)
    expect(readFileSync(`/proc/${child.pid}/cgroup`, 'utf8')).toMatch(/\/jobledger-\d+-\d+\/uid-0-0$/m)
    group?.remove()
    expect(ours()).toHaveLength(1)
    await ended()
    groups.close()
    expect(ours()).toStrictEqual([])
  })

  test('the groups of a run that is gone are removed, of one that lives they stay', async () => {
    const groups = memoryGroups()
    const group = groups.enter('uid-0-0', 50_000_000, child.pid!)
    const leftover = join(place, `jobledger-${process.pid}-1`)
    mkdirSync(join(leftover, 'uid-1-0'), { recursive: true })
    memoryGroups()
    expect(existsSync(leftover)).toBe(false)
    expect(group?.members()).toStrictEqual([child.pid])
    await ended()
    group?.remove()
    groups.close()
  })

  test('a process that is not there leaves no group behind', () => {
    const groups = memoryGroups()
    expect(groups.enter('uid-0-0', 50_000_000, 2 ** 30)).toBeNull()
    groups.close()
    expect(ours()).toStrictEqual([])
  })
})

describe('in version 2', () => {
  let top: string
  let own: string
  beforeEach(() => {
    top = mkdtempSync('/tmp/jobledger-groups-')
    own = join(top, 'app.slice', 'own.scope')
    mkdirSync(own, { recursive: true })
    writeFileSync(join(own, 'memory.max'), 'max\n')
  })
  afterEach(() => rmSync(top, { recursive: true }))

  /** Folders that come with the files the kernel would put there, where the controller is handed down to them. */
  const folders = {
    make: (folder: string) => {
      mkdirSync(folder)
      writeFileSync(join(folder, 'cgroup.subtree_control'), '')
      for (const file of ['memory.max', 'memory.swap.max', 'memory.oom.group', 'cgroup.procs']) {
        writeFileSync(join(folder, file), '')
      }
      writeFileSync(join(folder, 'memory.events'), 'low 0\noom 0\noom_kill 0\noom_group_kill 0\n')
    },
    remove: (folder: string) => rmSync(folder, { recursive: true }),
  }
  const controller = () => ({ version: 2 as const, folder: own, isTop: false })
  const made = () => readdirSync(join(top, 'app.slice')).filter((name) => name !== 'own.scope')
  const text = (group: string, file: string) =>
    readFileSync(join(top, 'app.slice', made()[0] ?? '', group, file), 'utf8')

  test('a group lies beside our own, has no swap, and is killed as a whole', () => {
    const groups = memoryGroups(controller(), folders)
    const group = groups.enter('uid-0-0', 1_000, 42)
    expect(made()).toStrictEqual([expect.stringMatching(`^jobledger-${process.pid}-`)])
    expect(text('.', 'cgroup.subtree_control')).toBe('+memory')
    expect(
      ['memory.max', 'memory.swap.max', 'memory.oom.group', 'cgroup.procs'].map((file) => text('uid-0-0', file)),
    ).toStrictEqual(['1000', '0', '1', '42'])
    expect(group?.hasKilled()).toBe(false)
    writeFileSync(join(top, 'app.slice', made()[0]!, 'uid-0-0', 'memory.events'), 'oom 1\noom_kill 3\n')
    expect(group?.hasKilled()).toBe(true)
    group?.remove()
    groups.close()
    expect(made()).toStrictEqual([])
  })

  test('nobody is let out of a limit that we are under ourselves', () => {
    writeFileSync(join(own, 'memory.max'), '1000000\n')
    expect(memoryGroups(controller(), folders).enter('uid-0-0', 1_000, 42)).toBeNull()
    expect(made()).toStrictEqual([])
  })

  test('without the controller handed down there is no group, and none is left', () => {
    const bare = { ...folders, make: (folder: string) => mkdirSync(folder) }
    expect(memoryGroups(controller(), bare).enter('uid-0-0', 1_000, 42)).toBeNull()
    expect(made()).toStrictEqual([])
  })

  test('at the top, the controller is handed down', () => {
    writeFileSync(join(top, 'cgroup.subtree_control'), '')
    const groups = memoryGroups({ version: 2, folder: top, isTop: true }, folders)
    expect(groups.enter('uid-0-0', 1_000, 42)).not.toBeNull()
    expect(readFileSync(join(top, 'cgroup.subtree_control'), 'utf8')).toBe('+memory')
    groups.close()
    expect(readdirSync(top).toSorted()).toStrictEqual(['app.slice', 'cgroup.subtree_control'])
  })
})

test('where there is no memory controller, nothing is limited', () => {
  const groups = memoryGroups(null)
  expect(groups.enter('uid-0-0', 1_000, process.pid)).toBeNull()
  groups.close()
})
