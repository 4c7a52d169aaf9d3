import { expect, test } from 'vitest'
import { asking, asTable } from './asking.ts'

const nodes = '/api/v1/nodes'
const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ready' }

const withNode = async () => {
  const world = await asking()
  const made = await world.ask('POST', nodes, {
    metadata: { name: 'n1', labels: { 'node-role.kubernetes.io/worker': '', 'kubernetes.io/hostname': 'n1' } },
    status: {
      allocatable: { cpu: '8' },
      conditions: [ready],
      addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
    },
  })
  return { ...world, made }
}

test('API-17: a Node keeps the status with which it is created, and only its status part changes it later', async () => {
  const { ask, made } = await withNode()
  expect(made).toMatchObject({ code: 201, body: { spec: {}, status: { allocatable: { cpu: '8' } } } })
  const wished = { spec: { unschedulable: true }, status: { allocatable: { cpu: '1' } } }
  expect((await ask('PATCH', `${nodes}/n1`, wished)).body).toMatchObject({
    spec: { unschedulable: true },
    status: { allocatable: { cpu: '8' } },
  })
  expect((await ask('PATCH', `${nodes}/n1/status`, { ...wished, spec: { unschedulable: false } })).body).toMatchObject({
    spec: { unschedulable: true },
    status: { allocatable: { cpu: '1' }, conditions: [ready] },
  })
})

test('API-17: Nodes are selected by what they lack: one that was never cordoned is schedulable', async () => {
  const { ask } = await withNode()
  const found = async (selector: string) => (await ask('GET', `${nodes}?fieldSelector=${selector}`)).body.items.length
  expect(await found('spec.unschedulable=false')).toBe(1)
  expect(await found('spec.unschedulable=true')).toBe(0)
  expect((await ask('GET', `${nodes}?fieldSelector=spec.foo=1`)).body.message).toBe(
    'field label not supported: spec.foo',
  )
})

test('API-5: Nodes are printed with their roles and whether they take Pods', async () => {
  const { ask } = await withNode()
  await ask('PATCH', `${nodes}/n1`, { spec: { unschedulable: true } })
  const { columnDefinitions, rows } = (await ask('GET', nodes, undefined, { accept: asTable })).body
  expect(columnDefinitions.map(({ name }: { readonly name: string }) => name)).toStrictEqual([
    ...['Name', 'Status', 'Roles', 'Age', 'Version', 'Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version'],
    'Container-Runtime',
  ])
  expect(rows[0].cells).toStrictEqual([
    ...['n1', 'Ready,SchedulingDisabled', 'worker', '0s', '', '10.0.0.1', '<none>'],
    ...['<unknown>', '<unknown>', '<unknown>'],
  ])
})

test('API-17: a Node that is deleted is gone, and one with a taint of no effect is none', async () => {
  const { ask } = await withNode()
  expect((await ask('DELETE', `${nodes}/n1`)).body).toMatchObject({ status: 'Success', details: { kind: 'nodes' } })
  expect((await ask('POST', nodes, { metadata: { name: 'n' }, spec: { taints: [{ key: 'a' }] } })).body.message).toBe(
    'Node "n" is invalid: spec.taints[0].effect: Required value',
  )
})
