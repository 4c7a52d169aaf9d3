import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeProjectedFiles } from '../../../../src/adapters/runtimes/sandbox/projected-files.ts'
import { noSources, type PodSources } from '../../../../src/application/ports/pod-sources.ts'
import type { Volume } from '../../../../src/domain/kubernetes/pod-spec.ts'
import { E } from '../../../../src/prelude.ts'
import { bubblewrapWorks, openBench, sh } from './bench.ts'
import { podToRun } from '../../../support/pods.ts'

const sources: PodSources = (kind, namespace, name) =>
  name === 'there'
    ? E.right({ texts: new Map([['text', `of a ${kind}`]]), bytes: new Map([['raw', Uint8Array.of(0, 255)]]) })
    : noSources(kind, namespace, name)

let base = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'jobledger-files-'))
})
afterEach(() => rmSync(base, { recursive: true }))

const pod = podToRun({ name: 'p', labels: { b: '2', a: '1' } })
const write = (volume: Omit<Volume, 'name'>) =>
  writeProjectedFiles(pod, { name: 'v', ...volume }, join(base, 'v'), sources)
const text = (path: string) => readFileSync(join(base, 'v', path), 'utf8')
const mode = (path: string) => statSync(join(base, 'v', path)).mode & 0o777

test('each key is a file, with the mode that is asked for', async () => {
  expect(E.isRight(await write({ secret: { secretName: 'there', defaultMode: 0o400 } }))).toBe(true)
  expect(readdirSync(join(base, 'v')).toSorted()).toStrictEqual(['raw', 'text'])
  expect(text('text')).toBe('of a secret')
  expect([...readFileSync(join(base, 'v', 'raw'))]).toStrictEqual([0, 255])
  expect(mode('text')).toBe(0o400)
})

test('items choose keys, and say where they go', async () => {
  await write({ configMap: { name: 'there', items: [{ key: 'text', path: 'deep/down.txt', mode: 0o600 }] } })
  expect(readdirSync(join(base, 'v'))).toStrictEqual(['deep'])
  expect(text('deep/down.txt')).toBe('of a configmap')
  expect(mode('deep/down.txt')).toBe(0o600)
})

test('several sources share one volume, the Pod itself among them', async () => {
  await write({
    projected: {
      sources: [
        { configMap: { name: 'there', items: [{ key: 'text', path: 'map' }] } },
        { secret: { name: 'missing', optional: true } },
        { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      ],
    },
  })
  expect(readdirSync(join(base, 'v')).toSorted()).toStrictEqual(['labels', 'map'])
  expect(text('labels')).toBe('a="1"\nb="2"')
})

test.each<[what: string, volume: Omit<Volume, 'name'>, why: string]>([
  ['a config map that is not there', { configMap: { name: 'x' } }, 'configmap "x" not found'],
  ['a secret that is not there', { secret: { secretName: 'x' } }, 'secret "x" not found'],
  [
    'a key that is not there',
    { configMap: { name: 'there', items: [{ key: 'x', path: 'x' }] } },
    'configmap references non-existent config key: x',
  ],
  ['a path that leads out', { configMap: { name: 'there', items: [{ key: 'text', path: '../x' }] } }, 'leads out of'],
])('%s is told, and no folder is left', async (_, volume, why) => {
  expect(await write(volume)).toMatchObject({ left: expect.stringContaining(why) })
  expect(readdirSync(base)).not.toContain('v')
})

test('what is written stays for the containers that come later', async () => {
  await write({ configMap: { name: 'there' } })
  expect(await write({ configMap: { name: 'x' } })).toStrictEqual(E.right(undefined))
  expect(text('text')).toBe('of a configmap')
})

test('containers that begin together find the same, whole', async () => {
  const volume = { configMap: { name: 'there' } }
  const written = await Promise.all([write(volume), write(volume), write(volume)])
  expect(written).toStrictEqual([E.right(undefined), E.right(undefined), E.right(undefined)])
  expect(readdirSync(base)).toStrictEqual(['v'])
  expect(readdirSync(join(base, 'v')).toSorted()).toStrictEqual(['raw', 'text'])
  expect(text('text')).toBe('of a configmap')
})

test.runIf(bubblewrapWorks)('none of several containers of a Pod has to wait for its files', async () => {
  const bench = await openBench('bubblewrap', { sources })
  try {
    const volumeMounts = [{ name: 'v', mountPath: '/etc/config' }]
    const reader = (name: string) => ({ ...sh('cat /etc/config/text', { volumeMounts }), name })
    const pod = bench.start({
      volumes: [{ name: 'v', configMap: { name: 'there' } }],
      containers: [reader('a'), reader('b'), reader('c')],
    })
    expect(await pod.end()).toMatchObject({ type: 'PodSucceeded' })
    expect(pod.all('ContainerWaiting')).toStrictEqual([])
  } finally {
    await bench.close()
  }
})

test.runIf(bubblewrapWorks)(
  'a container reads them where they are mounted, cannot change them, and they go with the Pod',
  async () => {
    const bench = await openBench('bubblewrap', { sources })
    try {
      const volumeMounts = [{ name: 'v', mountPath: '/etc/config' }]
      const script =
        'cat /etc/config/text; echo; touch /etc/config/x 2>&1 | grep -c Read-only; stat -f -c %T /etc/config'
      const pod = bench.start({
        volumes: [{ name: 'v', secret: { secretName: 'there' } }],
        containers: [sh(script, { volumeMounts })],
      })
      expect(await pod.end()).toMatchObject({ type: 'PodSucceeded' })
      expect(bench.logOf(pod)).toBe('of a secret\n1\ntmpfs\n')
    } finally {
      await bench.close()
    }
  },
)
