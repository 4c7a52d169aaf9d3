import { expect, test } from 'vitest'
import {
  objectListOutput,
  objectName,
  objectOutput,
  parseOutputFormat,
} from '../../../../src/adapters/cli/print/object-output.ts'
import { E } from '../../../../src/prelude.ts'
import { text } from './objects.ts'

const pi = {
  kind: 'Job',
  apiVersion: 'batch/v1',
  metadata: {
    namespace: 'default',
    name: 'pi',
    managedFields: [{ manager: 'someone' }],
    labels: { '10': 'b', '9': 'a' },
  },
  spec: { unknownToUs: ['<a&b>', {}, []], completions: 2 },
}
const pod = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'pi-0' } }

test('-o yaml prints an object with everything in it except managed fields', () => {
  expect(objectOutput('yaml', pi)).toBe(text`
    apiVersion: batch/v1
    kind: Job
    metadata:
      labels:
        "9": a
        "10": b
      name: pi
      namespace: default
    spec:
      completions: 2
      unknownToUs:
      - <a&b>
      - {}
      - []
  `)
})

test('-o json is indented by four spaces, keys sorted as text, and escapes what Go escapes', () => {
  expect(objectOutput('json', pi)).toBe(text`
    {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "labels": {
                "10": "b",
                "9": "a"
            },
            "name": "pi",
            "namespace": "default"
        },
        "spec": {
            "completions": 2,
            "unknownToUs": [
                "\\u003ca\\u0026b\\u003e",
                {},
                []
            ]
        }
    }
  `)
})

test('managed fields are shown when asked for', () => {
  expect(objectOutput('yaml', pi, { showManagedFields: true })).toContain('managedFields:\n  - manager: someone\n')
})

test('several objects are a List', () => {
  expect(objectListOutput('yaml', [pod])).toBe(text`
    apiVersion: v1
    items:
    - apiVersion: v1
      kind: Pod
      metadata:
        name: pi-0
    kind: List
    metadata:
      resourceVersion: ""
  `)
  expect(JSON.parse(objectListOutput('json', [pod, pi]))).toMatchObject({
    kind: 'List',
    items: [pod, { spec: pi.spec }],
  })
  expect(objectListOutput('json', [])).toContain('    "items": [],\n')
})

test('-o name prints kind with group, and name', () => {
  expect(objectOutput('name', pi)).toBe('job.batch/pi\n')
  expect(objectListOutput('name', [pi, pod])).toBe('job.batch/pi\npod/pi-0\n')
  expect(objectName({ ...pi, kind: 'CronJob' })).toBe('cronjob.batch/pi')
})

test('an unknown format is refused with the sentence kubectl uses', () => {
  expect(parseOutputFormat('yaml')).toStrictEqual(E.right('yaml'))
  expect(parseOutputFormat('x')).toStrictEqual(
    E.left('unable to match a printer suitable for the output format "x", allowed formats are: json,name,wide,yaml'),
  )
})
