import { expect, test } from 'vitest'
import type { Shape } from '../../../src/domain/kubernetes/schema.ts'
import { withDefaults } from '../../../src/domain/kubernetes/with-defaults.ts'
import { container, jobOf, type Overrides, refusalsOf } from './refusals-of.ts'

const spec = (over: Overrides = {}) => withDefaults(jobOf(over)).spec ?? {}
const pod = (over: Overrides = {}) => spec(over).template?.spec ?? {}
const main = (given: Shape<'Container'>) => pod({ container: given }).containers?.[0] ?? {}
const volume = (given: Shape<'Volume'>) => pod({ pod: { containers: [container()], volumes: [given] } }).volumes?.[0]

test('[D-5] the template gets the defaults of Pods, and one that is to restart always is no Job', () => {
  const template = { spec: { containers: [{ name: 'main', image: 'busybox' }] } }
  expect(withDefaults({ ...jobOf(), spec: { template } }).spec?.template?.spec).toMatchObject({
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
  })
  expect(refusalsOf({ pod: { restartPolicy: 'Always' } })).toEqual([
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ])
})

test('[D-7] a minimal Job gets exactly these defaults', () =>
  expect(withDefaults(jobOf())).toStrictEqual({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'job', namespace: 'default' },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      manualSelector: false,
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: 'TerminatingOrFailed',
      template: {
        metadata: {},
        spec: {
          containers: [
            {
              name: 'main',
              image: 'busybox',
              resources: {},
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              imagePullPolicy: 'Always',
            },
          ],
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          securityContext: {},
          schedulerName: 'default-scheduler',
        },
      },
    },
  }))

test.each<[rule: string, given: Shape<'JobSpec'>, defaulted: Shape<'JobSpec'>]>([
  ['[D-1] neither count: both 1', {}, { completions: 1, parallelism: 1 }],
  ['[D-1] completions alone: parallelism 1', { completions: 3 }, { completions: 3, parallelism: 1 }],
  ['[D-2] a limit per index lifts the limit of the Job', { backoffLimitPerIndex: 1 }, { backoffLimit: 2147483647 }],
  ['[D-2] a given limit stays', { backoffLimitPerIndex: 1, backoffLimit: 0 }, { backoffLimit: 0 }],
  [
    '[D-2] a failure policy waits for failed Pods',
    { podFailurePolicy: { rules: [] } },
    { podReplacementPolicy: 'Failed' },
  ],
  ['[D-8] an empty completionMode is not unset', { completionMode: '' }, { completionMode: '' }],
])('%s', (_, given, defaulted) => expect(spec({ spec: given })).toMatchObject(defaulted))

test('[D-1] parallelism alone makes a work-queue Job: completions stay absent', () =>
  expect(spec({ spec: { parallelism: 2 } })).not.toHaveProperty('completions'))

test('[D-3] the status of a pattern is True unless given', () => {
  const rule = { action: 'Ignore', onPodConditions: [{ type: 'A' }, { type: 'B', status: 'False' }] }
  expect(spec({ spec: { podFailurePolicy: { rules: [rule] } } }).podFailurePolicy?.rules?.[0]?.onPodConditions).toEqual(
    [
      { type: 'A', status: 'True' },
      { type: 'B', status: 'False' },
    ],
  )
})

test('[D-7] an empty failure policy is kept with null rules', () =>
  expect(spec({ spec: { podFailurePolicy: {} } }).podFailurePolicy).toEqual({ rules: null }))

test('[D-6] status and what only a server sets are left out', () => {
  const given = { ...jobOf({ metadata: { uid: 'u', generation: 4, resourceVersion: '7' } }), status: { active: 1 } }
  expect(withDefaults(given)).toStrictEqual(withDefaults(jobOf()))
})

test.each<[image: string, policy: string]>([
  ['busybox', 'Always'],
  ['busybox:latest', 'Always'],
  ['busybox:1.28', 'IfNotPresent'],
  ['repo:5000/x', 'Always'],
  ['repo:5000/x:1', 'IfNotPresent'],
  ['busybox@sha256:0', 'IfNotPresent'],
  ['busybox:latest@sha256:0', 'Always'],
])('[D-9] the image %s is pulled %s', (image, policy) => expect(main({ image }).imagePullPolicy).toBe(policy))

test('[D-8] an empty pull policy and restart policy count as unset', () => {
  expect(main({ imagePullPolicy: '' }).imagePullPolicy).toBe('Always')
  expect(pod({ pod: { restartPolicy: '' } }).restartPolicy).toBe('Always')
})

test('[D-8] parts of a container get their defaults only where they are given', () =>
  expect(
    main({
      ports: [{ containerPort: 80 }],
      livenessProbe: { httpGet: { port: 80 } },
      startupProbe: { grpc: { port: 80 } },
      lifecycle: { preStop: { httpGet: { port: 'http' } } },
      env: [
        { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      ],
    }),
  ).toMatchObject({
    ports: [{ containerPort: 80, protocol: 'TCP' }],
    livenessProbe: {
      httpGet: { port: 80, path: '/', scheme: 'HTTP' },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    },
    startupProbe: { grpc: { port: 80, service: '' } },
    lifecycle: { preStop: { httpGet: { port: 'http', path: '/', scheme: 'HTTP' } } },
    env: [
      { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name', apiVersion: 'v1' } } },
      { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '0' } } },
    ],
  }))

test.each<[rule: string, given: Shape<'Volume'>, defaulted: object]>([
  ['[D-8] no source', { name: 'v' }, { name: 'v', emptyDir: {} }],
  ['[D-8] configMap', { name: 'v', configMap: { name: 'c' } }, { configMap: { name: 'c', defaultMode: 420 } }],
  ['[D-8] secret', { name: 'v', secret: { secretName: 's' } }, { secret: { secretName: 's', defaultMode: 420 } }],
  ['[D-8] hostPath', { name: 'v', hostPath: { path: '/x' } }, { hostPath: { path: '/x', type: '' } }],
  [
    '[D-8] projected',
    { name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
    { projected: { defaultMode: 420, sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 3600 } }] } },
  ],
])('%s', (_, given, defaulted) => expect(volume(given)).toMatchObject(defaulted))

test('[D-8] serviceAccountName also sets its twin', () =>
  expect(pod({ pod: { containers: [container()], serviceAccountName: 'x' } })).toMatchObject({ serviceAccount: 'x' }))

test('[D-8] empty things are dropped, a securityContext stays', () => {
  expect(main({ env: [{ name: 'A', value: '' }], securityContext: {}, args: [], tty: false })).toStrictEqual({
    ...main({}),
    env: [{ name: 'A' }],
    securityContext: {},
  })
  expect(pod({ pod: { containers: [container()], nodeSelector: {}, volumes: [] } })).toStrictEqual(pod())
})

test('[D-8] nulls and unknown fields are dropped', () => {
  const odd = { ...container(), imagine: 1, env: null } as unknown as Shape<'Container'>
  expect(pod({ pod: { containers: [odd], restartPolicy: 'Never' } })).toStrictEqual(pod())
})

test('[D-10] quantities are stored in canonical form, also from numbers', () =>
  expect(main({ resources: { limits: { cpu: 0.5, memory: '1024Mi' } } }).resources).toEqual({
    limits: { cpu: '500m', memory: '1Gi' },
  }))

test('defaulting twice changes nothing', () => {
  const once = withDefaults(jobOf({ spec: { podFailurePolicy: {} }, container: { ports: [{ containerPort: 1 }] } }))
  expect(withDefaults(once)).toStrictEqual(once)
})

test('the given Job is not touched', () => {
  const given = jobOf()
  const before = structuredClone(given)
  withDefaults(given)
  expect(given).toStrictEqual(before)
})
