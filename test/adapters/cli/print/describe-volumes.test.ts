import { expect, test } from 'vitest'
import { describedText } from '../../../../src/adapters/cli/print/describe-job.ts'
import { volumeBlock } from '../../../../src/adapters/cli/print/describe-volumes.ts'
import { text } from './objects.ts'

/** Our types name two kinds of volume; the others are carried along. */
const volumes: ReadonlyArray<{ readonly name: string } & Record<string, object>> = [
  { name: 'memory', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } },
  { name: 'typed', hostPath: { path: '/x', type: '' } },
  { name: 'untyped', hostPath: { path: '/x' } },
  { name: 's', secret: { secretName: 'q', optional: true } },
  { name: 'c', configMap: { name: 'q' } },
  { name: 'p', persistentVolumeClaim: { claimName: 'q' } },
  { name: 'd', downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } },
  {
    name: 'token',
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607 } },
        { configMap: { name: 'root' } },
        { secret: { name: 'key' } },
        { downwardAPI: {} },
      ],
    },
  },
  { name: 'n', nfs: { server: 's', path: '/p' } },
  { name: 'v', csi: { driver: 'd', volumeAttributes: { a: 'b' } } },
  { name: 'odd', newKind: {} },
] as never

test('[12.5] each kind of volume says where it comes from', () => {
  expect(describedText(volumeBlock(volumes, { inTemplate: false }))).toBe(text`
    Volumes:
      memory:
        Type:       EmptyDir (a temporary directory that shares a pod's lifetime)
        Medium:     Memory
        SizeLimit:  1Gi
      typed:
        Type:          HostPath (bare host directory volume)
        Path:          /x
        HostPathType:  $
      untyped:
        Type:          HostPath (bare host directory volume)
        Path:          /x
        HostPathType:  <none>
      s:
        Type:        Secret (a volume populated by a Secret)
        SecretName:  q
        Optional:    true
      c:
        Type:      ConfigMap (a volume populated by a ConfigMap)
        Name:      q
        Optional:  false
      p:
        Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
        ClaimName:  q
        ReadOnly:   false
      d:
        Type:  DownwardAPI (a volume populated by information about the pod)
        Items:
          metadata.labels -> l
      token:
        Type:                    Projected (a volume that contains injected data from multiple sources)
        TokenExpirationSeconds:  3607
        ConfigMapName:           root
        Optional:                false
        SecretName:              key
        Optional:                false
        DownwardAPI:             true
      n:
        Type:      NFS (an NFS mount that lasts the lifetime of a pod)
        Server:    s
        Path:      /p
        ReadOnly:  false
      v:
        Type:              CSI (a Container Storage Interface (CSI) volume source)
        Driver:            d
        FSType:            $
        ReadOnly:          false
        VolumeAttributes:  a=b
      odd:
      <unknown>
  `)
})

test('[12.5] the volumes of a template stand further in, what is told of them does not', () => {
  expect(volumeBlock([{ name: 'x', emptyDir: {} }], { inTemplate: true })).toStrictEqual([
    '  Volumes:',
    '   x:',
    "    Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)",
    '    Medium:\t',
    '    SizeLimit:\t<unset>',
  ])
})
