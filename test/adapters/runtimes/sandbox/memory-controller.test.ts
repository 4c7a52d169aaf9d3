import { expect, test } from 'vitest'
import { memoryControllerIn } from '../../../../src/adapters/runtimes/sandbox/memory-controller.ts'

const version1 = '36 32 0:30 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory'
const other1 = '35 32 0:29 / /sys/fs/cgroup/cpu rw,relatime shared:8 - cgroup cgroup rw,cpu,cpuacct'
const version2 = '37 32 0:31 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate'

test.each([
  ['version 1', '4:memory:/user/me', [other1, version1], { version: 1, folder: '/sys/fs/cgroup/memory/user/me' }],
  ['version 1 with others', '4:cpu,memory,pids:/a', [version1], { version: 1, folder: '/sys/fs/cgroup/memory/a' }],
  ['version 2', '0::/user.slice/a:b', [version2], { version: 2, folder: '/sys/fs/cgroup/unified/user.slice/a:b' }],
  [
    'both, with memory in version 1',
    '9:name=systemd:/\n4:memory:/v1\n0::/v2',
    [version2, version1],
    { version: 1, folder: '/sys/fs/cgroup/memory/v1' },
  ],
  ['the topmost group', '0::/', [version2], { version: 2, folder: '/sys/fs/cgroup/unified', isTop: true }],
  [
    'a mount of a part of the groups',
    '4:memory:/docker/abc/own',
    [version1.replace(' / /sys', ' /docker/abc /sys')],
    { version: 1, folder: '/sys/fs/cgroup/memory/own' },
  ],
])('the control group of a process is found: %s', (_, groups, mounts, controller) => {
  expect(memoryControllerIn(`${groups}\n`, mounts.join('\n'))).toStrictEqual({ isTop: false, ...controller })
})

test.each([
  ['nothing is mounted', '4:memory:/a', [other1]],
  ['its group lies outside of the mount', '4:memory:/elsewhere', [version1.replace(' / /sys', ' /docker/abc /sys')]],
  ['its group lies outside of its namespace', '0::/../other', [version2]],
  ['memory belongs to version 1, which is not mounted', '4:memory:/a\n0::/b', [version2]],
])('there is none where %s', (_, groups, mounts) => {
  expect(memoryControllerIn(groups, mounts.join('\n'))).toBeNull()
})
