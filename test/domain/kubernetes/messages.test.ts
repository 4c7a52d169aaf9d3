import { expect, test } from 'vitest'
import { messageOf } from '../../../src/domain/kubernetes/messages.ts'
import { schema } from '../../../src/domain/kubernetes/schema.ts'

/** Newer than the numbers that are known here; clients that send them lose them. */
const unnumbered = [
  'ListMeta.shardInfo',
  'NodeAllocatableResourceClaimStatus.containers',
  'NodeAllocatableResourceClaimStatus.resourceClaimName',
  'NodeAllocatableResourceClaimStatus.resources',
  'PodSchedulingGroup.podGroupName',
  'PodSpec.schedulingGroup',
  'PodStatus.nodeAllocatableResourceClaimStatuses',
  'ShardInfo.selector',
]

test('every definition is a message, and every field of it has a number', () => {
  const missing = Object.entries(schema).flatMap(([name, { fields }]) =>
    Object.keys(fields)
      .filter((field) => field !== 'apiVersion' && field !== 'kind' && !messageOf(name)?.fields.has(field))
      .map((field) => `${name}.${field}`),
  )
  expect(missing.toSorted()).toEqual(unnumbered)
})

test('every message knows its package', () =>
  expect(Object.keys(schema).filter((name) => !/^io\.k8s\..*\.v1$/.test(messageOf(name)?.home ?? ''))).toEqual([]))

test('no field of a message is unknown to the schema', () =>
  expect(
    Object.entries(schema).flatMap(([name, { fields }]) =>
      [...(messageOf(name)?.fields.keys() ?? [])].filter((field) => !Object.hasOwn(fields, field)),
    ),
  ).toEqual([]))

test('the fields of a message within are those of the one around it', () => {
  const volume = messageOf('Volume')
  expect(volume?.members.get(1)).toEqual({ name: 'name', presence: 'Always' })
  expect(volume?.members.get(2)).toMatchObject({ home: 'io.k8s.api.core.v1' })
  expect(volume?.fields.get('emptyDir')).toEqual({ name: 'emptyDir', presence: 'WhenNotEmpty' })
})

test('what is no definition is no message', () => expect(messageOf('Toaster')).toBeUndefined())
