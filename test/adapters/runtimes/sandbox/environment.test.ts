import { expect, test } from 'vitest'
import { environmentOf, hostnameOf } from '../../../../src/adapters/runtimes/sandbox/environment.ts'
import { noSources, type PodSources } from '../../../../src/application/ports/pod-sources.ts'
import type { Container, EnvVar } from '../../../../src/domain/kubernetes/pod-spec.ts'
import { E } from '../../../../src/prelude.ts'
import { podToRun } from '../../../support/pods.ts'

const settings = new Map([
  ['plain', '1'],
  ['not=one', '2'],
])
const sources: PodSources = (kind, namespace, name) =>
  namespace === 'maths' && name === 'there'
    ? E.right({ texts: settings, bytes: new Map() })
    : noSources(kind, namespace, name)

const machine = { cpuMillis: 4000, memoryBytes: 8_000_000_000 }
const pod = podToRun({
  name: 'pi-3-abcde',
  namespace: 'maths',
  uid: 'uid-3',
  node: 'here',
  labels: { 'batch.kubernetes.io/job-completion-index': '3' },
  annotations: { note: 'kept' },
})
const environment = (env: ReadonlyArray<EnvVar>, over: Partial<Container> = {}) =>
  environmentOf(pod, { name: 'main', env, ...over }, machine, sources)
const variables = (...env: ReadonlyArray<EnvVar>) => {
  const made = environment(env)
  return E.isRight(made) ? Object.fromEntries(made.right) : made.left
}
const resource = (resource: string, resources: Container['resources'], divisor?: string) => {
  const env = [{ name: 'R', valueFrom: { resourceFieldRef: { resource, ...(divisor !== undefined && { divisor }) } } }]
  const own: Container = { name: 'main', env, ...(resources && { resources }) }
  const made = environmentOf({ ...pod, spec: { containers: [own] } }, own, machine, sources)
  return E.isRight(made) ? made.right.get('R') : made.left
}

test('a variable may use those before it, not those after', () => {
  expect(
    variables({ name: 'B', value: '$(A)' }, { name: 'A', value: '1' }, { name: 'C', value: '$(A)2' }),
  ).toStrictEqual({ B: '$(A)', A: '1', C: '12' })
})

test('of two with the same name the last wins, and may use the first', () => {
  expect(variables({ name: 'A', value: '1' }, { name: 'A', value: '$(A)+' })).toStrictEqual({ A: '1+' })
})

test('a variable without a value is empty', () => expect(variables({ name: 'A' })).toStrictEqual({ A: '' }))

test.each<[path: string, value: string]>([
  ['metadata.name', 'pi-3-abcde'],
  ['metadata.namespace', 'maths'],
  ['metadata.uid', 'uid-3'],
  ["metadata.labels['batch.kubernetes.io/job-completion-index']", '3'],
  ["metadata.labels['absent']", ''],
  ["metadata.annotations['note']", 'kept'],
  ['spec.nodeName', 'here'],
  ['spec.serviceAccountName', 'default'],
  ['status.podIP', '127.0.0.1'],
  ['status.hostIPs', '127.0.0.1'],
])('the downward API knows %s', (fieldPath, value) => {
  expect(variables({ name: 'F', valueFrom: { fieldRef: { fieldPath } } })).toStrictEqual({ F: value })
})

test('an unknown field keeps the container from being created', () => {
  expect(variables({ name: 'F', valueFrom: { fieldRef: { fieldPath: 'constructor' } } })).toMatch('not supported')
})

test.each<[what: string, resources: Container['resources'], divisor: string | undefined, value: string]>([
  ['limits.cpu', { limits: { cpu: '1500m' } }, undefined, '2'],
  ['limits.cpu', { limits: { cpu: '1500m' } }, '1m', '1500'],
  ['limits.cpu', undefined, undefined, '4'],
  ['limits.memory', { limits: { memory: '100Mi' } }, '1Mi', '100'],
  ['limits.memory', { limits: { memory: '100M' } }, '1Mi', '96'],
  ['limits.memory', undefined, undefined, '8000000000'],
  ['requests.memory', { requests: { memory: '1Gi' } }, '0', '1073741824'],
  ['requests.cpu', { limits: { cpu: '3' } }, undefined, '3'],
  ['requests.cpu', undefined, undefined, '0'],
])('resource %s of %o by %s is %s', (what, resources, divisor, value) => {
  expect(resource(what, resources, divisor)).toBe(value)
})

test('config maps and secrets that are not optional keep the container from being created', () => {
  const secretKeyRef = { name: 'token', key: 'k' }
  expect(variables({ name: 'S', valueFrom: { secretKeyRef } })).toMatch('secret "token" not found')
  expect(variables({ name: 'S', valueFrom: { secretKeyRef: { ...secretKeyRef, optional: true } } })).toStrictEqual({})
  expect(environment([], { envFrom: [{ configMapRef: { name: 'cm' } }] })).toMatchObject({
    left: expect.stringContaining('configmap "cm" not found'),
  })
  expect(E.isRight(environment([], { envFrom: [{ configMapRef: { name: 'cm', optional: true } }] }))).toBe(true)
})

test('the host name is the one in the spec, else the name of the Pod, at most 63 characters', () => {
  expect(hostnameOf(pod)).toBe('pi-3-abcde')
  expect(hostnameOf({ ...pod, spec: { ...pod.spec, hostname: 'pi-3' } })).toBe('pi-3')
  expect(hostnameOf({ ...pod, name: 'x'.repeat(70) })).toHaveLength(63)
})

test('a value comes from a key of a config map or secret in the namespace of the Pod', () => {
  const reference = { name: 'there', key: 'plain' }
  expect(
    variables(
      { name: 'C', valueFrom: { configMapKeyRef: reference } },
      { name: 'S', valueFrom: { secretKeyRef: reference } },
      { name: 'B', value: '$(S)!' },
    ),
  ).toStrictEqual({ C: '1', S: '1', B: '1!' })
  const missing = { ...reference, key: 'other' }
  expect(variables({ name: 'C', valueFrom: { configMapKeyRef: missing } })).toBe(
    "couldn't find key other in ConfigMap maths/there",
  )
  expect(variables({ name: 'S', valueFrom: { secretKeyRef: missing } })).toBe(
    "couldn't find key other in Secret maths/there",
  )
  expect(variables({ name: 'C', valueFrom: { configMapKeyRef: { ...missing, optional: true } } })).toStrictEqual({})
})

test('all keys that can be names become variables, and those that are named one by one win', () => {
  const made = environment([{ name: 'plain', value: 'mine' }], {
    envFrom: [{ configMapRef: { name: 'there' } }, { prefix: 'P_', secretRef: { name: 'there' } }],
  })
  expect(E.isRight(made) && Object.fromEntries(made.right)).toStrictEqual({ plain: 'mine', P_plain: '1' })
})
