import { expect, test } from 'vitest'
import { decodeObject, otherKind } from '../../../../src/adapters/kube-api/body/decode-object.ts'
import { E } from '../../../../src/prelude.ts'

const job = { group: 'batch', version: 'v1', kind: 'Job' }
const notOfJobs = (apiVersion: string, kind: string) => otherKind(job, { apiVersion, kind })

test.each([
  ['v1', 'Pod'],
  ['v1', 'Event'],
  ['events.k8s.io/v1', 'Event'],
  ['coordination.k8s.io/v1', 'Lease'],
  ['autoscaling/v1', 'Scale'],
  ['policy/v1', 'Eviction'],
  ['apps/v1', 'Deployment'],
  ['authorization.k8s.io/v1', 'SelfSubjectAccessReview'],
])('%s %s is a kind that cannot be made a Job', (apiVersion, kind) =>
  expect(notOfJobs(apiVersion, kind)).toBe(
    `${kind} in version "v1" cannot be handled as a Job: converting (v1.${kind}) to (batch.Job): unknown conversion`,
  ),
)

test.each([
  ['v1', 'Lease'],
  ['v1', 'Container'],
  ['v1', 'EventsEvent'],
  ['v1', 'constructor'],
  ['meta.k8s.io/v1', 'ObjectMeta'],
])('%s %s is no kind', (apiVersion, kind) =>
  expect(notOfJobs(apiVersion, kind)).toBe(
    `${kind} in version "v1" cannot be handled as a Job: no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
  ),
)

const read = (group: string, kind: string, object: object) =>
  decodeObject({ group, version: 'v1', kind }, JSON.stringify(object))

test.each<[group: string, kind: string, object: object, findings: ReadonlyArray<string>]>([
  ['', 'ConfigMap', { data: {}, dat: 1 }, ['unknown field "dat"']],
  ['', 'Namespace', { spec: { finalizers: [], finalisers: [] } }, ['unknown field "spec.finalisers"']],
  ['', 'Node', { status: { nodeInfo: { osimage: 'x' } } }, ['unknown field "status.nodeInfo.osimage"']],
  ['', 'Event', { note: 'x', involvedObject: {} }, ['unknown field "note"']],
  ['events.k8s.io', 'Event', { note: 'x', involvedObject: {} }, ['unknown field "involvedObject"']],
  ['coordination.k8s.io', 'Lease', { spec: { holder: 'x' } }, ['unknown field "spec.holder"']],
  ['policy', 'Eviction', { deleteOptions: { grace: 1 } }, ['unknown field "deleteOptions.grace"']],
  ['authentication.k8s.io', 'TokenRequest', { spec: { audience: [] } }, ['unknown field "spec.audience"']],
])('unknown fields are found in every kind: %s %s', (group, kind, object, findings) =>
  expect(read(group, kind, object)).toEqual(E.right({ value: object, findings })),
)
