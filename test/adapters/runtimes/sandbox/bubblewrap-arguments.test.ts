import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { bubblewrapArguments, isInside } from '../../../../src/adapters/runtimes/sandbox/bubblewrap-arguments.ts'
import { openedFolders, withoutLinks } from '../../../../src/adapters/runtimes/sandbox/mount-points.ts'

const shape = { hostname: 'pi-0', network: true, hidden: [], opened: [], mounts: [] }
const line = (over: Partial<Parameters<typeof bubblewrapArguments>[0]>) =>
  bubblewrapArguments({ ...shape, ...over }).join(' ')

test('the host is read-only, and everything dies with its parent', () => {
  expect(line({})).toMatch(/--unshare-pid .*--die-with-parent --new-session --cap-drop ALL .*--ro-bind \/ \/ /)
})

test('the network is taken away only when asked', () => {
  expect(line({})).not.toContain('--unshare-net')
  expect(line({ network: false })).toContain('--unshare-net')
})

test('hidden folders are emptied once, outermost first, before volumes are mounted into them', () => {
  const mounts = [
    { source: '/home/me/a/b', target: '/home/me/a/b', readOnly: true },
    { source: '/srv/x', target: '/home/me', readOnly: false },
  ]
  expect(line({ hidden: ['/home', '/home/me', '/home', '/tmp/data', '/run'], mounts })).toContain(
    '--tmpfs /tmp --tmpfs /home --tmpfs /run --bind /srv/x /home/me --ro-bind /home/me/a/b /home/me/a/b',
  )
})

test('an opened root is rebuilt of its entries and closed again', () => {
  const entries = [
    { name: 'usr', link: null },
    { name: 'bin', link: 'usr/bin' },
    { name: 'proc', link: null },
    { name: 'tmp', link: null },
  ]
  const opened = [{ path: '/', entries }]
  const args = line({ opened, mounts: [{ source: '/x', target: '/data', readOnly: false }] })
  expect(args).toContain('--ro-bind-try /usr /usr --symlink usr/bin /bin --proc /proc')
  expect(args).toMatch(/--bind \/x \/data --remount-ro \//)
  expect(args).not.toContain('--ro-bind / /')
})

test.each<[path: string, folder: string, inside: boolean]>([
  ['/a', '/a', true],
  ['/a/b', '/a', true],
  ['/ab', '/a', false],
  ['/a', '/', true],
])('%s in %s: %s', (path, folder, inside) => expect(isInside(path, folder)).toBe(inside))

test('only the nearest folder above a missing mount point is opened', () => {
  const folder = mkdtempSync('/tmp/jobledger-mounts-')
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'there'))
  writeFileSync(join(folder, 'file'), '')
  symlinkSync('there', join(folder, 'link'))
  const targets = ['there', 'new/deep', 'new/deep/er'].map((name) => join(folder, name))
  const opened = openedFolders(targets, ['/home'])
  expect(opened.map(({ path }) => path)).toStrictEqual([folder])
  expect(opened[0]?.entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toStrictEqual([
    { name: 'file', link: null },
    { name: 'link', link: 'there' },
    { name: 'there', link: null },
  ])
  expect(openedFolders(targets, ['/tmp'])).toStrictEqual([])
  expect(withoutLinks(join(folder, 'link', 'x', '..', 'y'))).toBe(join(folder, 'there', 'y'))
})
