import { expect, test } from 'vitest'
import { jobUpdateWarnings, jobWarnings } from '../../../src/domain/kubernetes/job-warnings.ts'
import { container, jobOf, type Overrides } from './refusals-of.ts'

const warnings = (over: Overrides) =>
  jobWarnings(jobOf(over)).map((text) => text.replaceAll('spec.template.spec', 'pod'))

test('[1.3] an ordinary Job gives no cause for a warning', () => expect(warnings({})).toEqual([]))

const ofName =
  'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended:'
const many =
  'spec: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail'
const huge = { completionMode: 'Indexed', completions: 100_001, parallelism: 10_001 }
const memory = { memory: '100m' }

test.each<[what: string, over: Overrides, said: ReadonlyArray<string>]>([
  ['dots in the name', { metadata: { name: 'a.b' } }, [`${ofName} [must not contain dots]`]],
  [
    'a long name with dots',
    { metadata: { name: `a.${'b'.repeat(62)}` } },
    [`${ofName} [must be no more than 63 characters must not contain dots]`],
  ],
  ['very many indexes at once', { spec: huge }, [many]],
  [
    'ports twice',
    { container: { ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }, { containerPort: 81 }] } },
    ['pod.containers[0].ports[1]: duplicate port definition with pod.containers[0].ports[0]'],
  ],
  [
    'variables twice',
    {
      container: {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
          { name: 'A', value: '$(A)3' },
        ],
      },
    },
    ['pod.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    'parts of a byte',
    { container: { resources: { limits: memory, requests: { 'ephemeral-storage': '1.5', memory: '1Gi' } } } },
    [
      'pod.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer',
      'pod.containers[0].resources.requests[ephemeral-storage]: fractional byte value "1.5" is invalid, must be an integer',
    ],
  ],
  [
    'a negative grace',
    { pod: { terminationGracePeriodSeconds: -1 } },
    ['pod.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1'],
  ],
  [
    'pull secrets without a name and twice',
    { pod: { imagePullSecrets: [{}, { name: 'a' }, { name: 'a' }] } },
    ['pod.imagePullSecrets[0].name: invalid empty name ""', 'pod.imagePullSecrets[2].name: duplicate name "a"'],
  ],
  [
    'an old label of nodes',
    { pod: { nodeSelector: { 'beta.kubernetes.io/os': 'linux', disk: 'ssd' } } },
    ['pod.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
  ],
  [
    'volumes of nothing, and of git',
    {
      pod: {
        volumes: [
          { name: 'd', projected: {} },
          { name: 'g', gitRepo: { repository: 'x' } },
        ],
      },
    },
    [
      'volume "d" (Projected) has no sources provided',
      'pod.volumes[1].gitRepo: deprecated in v1.11, and disabled by default in v1.33+',
    ],
  ],
  [
    'an init container',
    { pod: { initContainers: [container({ name: 'first', resources: { limits: memory } })] } },
    ['pod.initContainers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer'],
  ],
])('[1.3, 1.13] the server warns of %s', (_, over, said) => expect(warnings(over)).toEqual(said))

test('[1.3] a change is warned of only with a new generation, and never for its name', () => {
  const job = jobOf({ metadata: { name: 'a.b' }, spec: huge })
  expect(jobUpdateWarnings(job, true)).toEqual([many])
  expect(jobUpdateWarnings(job, false)).toEqual([])
})

test('[1.3] of sixty thousand ports and variables no two are compared', () => {
  const places = Array.from({ length: 60_000 }, (_, place) => place)
  const ports = places.map((place) => ({ containerPort: place + 1 }))
  const env = places.map((place) => ({ name: `v${place}` }))
  const began = performance.now()
  expect(warnings({ pod: { containers: [container({ ports, env })] } })).toEqual([])
  expect(performance.now() - began).toBeLessThan(3000)
})
