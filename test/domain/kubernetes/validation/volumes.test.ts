import { expect, test } from 'vitest'
import type { Shape } from '../../../../src/domain/kubernetes/schema.ts'
import { container, shortRefusalsOf } from '../refusals-of.ts'

const refusals = (...volumes: ReadonlyArray<Shape<'Volume'>>) =>
  shortRefusalsOf({ pod: { containers: [container()], volumes } }).map((text) => text.replace('pod.volumes[0]', 'v'))

const mode = 'must be a number between 0 and 0777 (octal), both inclusive'

test.each<[rule: string, source: Omit<Shape<'Volume'>, 'name'>, said: ReadonlyArray<string>]>([
  ['[1.13] nothing is an emptyDir', {}, []],
  [
    '[1.13] two sources',
    { emptyDir: {}, hostPath: { path: '' } },
    ['v.hostPath: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    '[1.13] sizeLimit',
    { emptyDir: { sizeLimit: '-1' } },
    ['v.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity'],
  ],
  ['[1.13] hostPath empty', { hostPath: { path: '' } }, ['v.hostPath.path: Required value']],
  [
    '[1.13] hostPath back',
    { hostPath: { path: '/a/..' } },
    [`v.hostPath.path: Invalid value: "/a/..": must not contain '..'`],
  ],
  [
    '[1.13] hostPath type',
    { hostPath: { path: '/a', type: 'Odd' } },
    [
      'v.hostPath.type: Unsupported value: "Odd": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  ],
  [
    '[1.13] configMap',
    { configMap: { defaultMode: 512 } },
    ['v.configMap.name: Required value', `v.configMap.defaultMode: Invalid value: 512: ${mode}`],
  ],
  [
    '[1.13] secret items',
    { secret: { secretName: 's', items: [{ path: '/a', mode: -1 }] } },
    [
      'v.secret.items[0].key: Required value',
      'v.secret.items[0].path: Invalid value: "/a": must be a relative path',
      `v.secret.items[0].mode: Invalid value: -1: ${mode}`,
    ],
  ],
  [
    '[1.13] files with names of the node',
    { configMap: { name: 'c', items: [{ key: 'a', path: '..data' }] } },
    [`v.configMap.items[0].path: Invalid value: "..data": must not start with '..'`],
  ],
  ['[1.13] claim', { persistentVolumeClaim: {} }, ['v.persistentVolumeClaim.claimName: Required value']],
  [
    '[1.13] downward without source',
    { downwardAPI: { items: [{}] } },
    [
      'v.downwardAPI.path: Required value',
      'v.downwardAPI: Required value: one of fieldRef and resourceFieldRef is required',
    ],
  ],
  [
    '[1.13] downward with both',
    {
      downwardAPI: {
        items: [{ path: 'a', fieldRef: { fieldPath: 'metadata.name' }, resourceFieldRef: { resource: 'limits.cpu' } }],
      },
    },
    ['v.downwardAPI: Invalid value: "resource": fieldRef and resourceFieldRef can not be specified simultaneously'],
  ],
  [
    '[1.13] downward field',
    { downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'status.podIP' } }] } },
    [
      'v.downwardAPI.fieldRef.fieldPath: Unsupported value: "status.podIP": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"',
    ],
  ],
  [
    '[1.13] downward resource of no container',
    { downwardAPI: { items: [{ path: 'a', resourceFieldRef: { resource: 'limits.cpu' } }] } },
    ['v.downwardAPI.resourceFieldRef.containerName: Required value'],
  ],
  [
    '[1.13] projected twice',
    {
      projected: {
        sources: [
          { configMap: { name: 'a', items: [{ key: 'k', path: 'p' }] } },
          { secret: { name: 'b', items: [{ key: 'k', path: 'p' }] } },
        ],
      },
    },
    ['v.projected: Invalid value: "b": conflicting duplicate paths'],
  ],
  [
    '[1.13] token',
    { projected: { sources: [{ serviceAccountToken: { expirationSeconds: 599 } }] } },
    [
      'v.projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
      'v.projected.path: Required value',
    ],
  ],
  [
    '[1.13] nfs',
    { nfs: {} },
    [
      'v.nfs.server: Required value',
      'v.nfs.path: Required value',
      'v.nfs.path: Invalid value: "": must be an absolute path',
    ],
  ],
  ['[1.13] csi', { csi: {} }, ['v.csi.driver: Required value']],
  ['[1.13] ephemeral', { ephemeral: {} }, ['v.ephemeral.volumeClaimTemplate: Required value']],
  ['[1.13] gitRepo', { gitRepo: {} }, ['v.gitRepo.repository: Required value']],
])('%s', (_, source, said) => expect(refusals({ name: 'v', ...source })).toEqual(said))

test('[1.13] names of volumes', () => {
  expect(refusals({ emptyDir: {} })).toEqual(['v.name: Required value'])
  expect(refusals({ name: 'Bad_Name' })).toEqual([
    expect.stringMatching(/^v.name: Invalid value: "Bad_Name": a lowercase/),
  ])
  expect(refusals({ name: 'a' }, { name: 'a' })).toEqual(['pod.volumes[1].name: Duplicate value: "a"'])
})
