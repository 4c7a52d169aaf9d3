import { expect, test } from 'vitest'
import { renderProblem } from '../../../src/adapters/manifests/manifest-problem.ts'
import { type ManifestOptions, parseJobManifest } from '../../../src/adapters/manifests/parse-job-manifest.ts'
import { E } from '../../../src/prelude.ts'

const problemsOf = (text: string, options?: ManifestOptions) => {
  const parsed = parseJobManifest('job.yaml', text, options)
  return E.isLeft(parsed) ? parsed.left.map(renderProblem) : []
}

const readOf = (text: string, options?: ManifestOptions) => {
  const parsed = parseJobManifest('job.yaml', text, options)
  if (E.isLeft(parsed)) throw new Error(parsed.left.map(renderProblem).join('\n'))
  return parsed.right
}

const jobOf = (text: string, options?: ManifestOptions) => readOf(text, options).manifest

const manifest = (more: { readonly metadata?: string; readonly spec?: string; readonly container?: string } = {}) => `
apiVersion: batch/v1
kind: Job
metadata:
  ${more.metadata ?? 'name: pi'}
spec:
  ${more.spec ?? 'parallelism: 1'}
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: pi
          image: perl:5.34.0
          ${more.container ?? ''}
`

test('a right manifest becomes a Job with its defaults', () => {
  const { metadata, spec } = jobOf(manifest())
  expect(metadata).toEqual({ name: 'pi', namespace: 'default' })
  expect(spec).toMatchObject({ parallelism: 1, backoffLimit: 6, completionMode: 'NonIndexed', suspend: false })
  expect(spec.selector).toBeUndefined()
})

test('the namespace asked for is that of a Job that names none, and no other than that of a Job that names one', () => {
  const inB = manifest({ metadata: '{name: pi, namespace: b}' })
  expect(jobOf(manifest(), { namespace: 'a' }).metadata.namespace).toBe('a')
  expect(jobOf(manifest({ metadata: '{name: pi, namespace: null}' })).metadata.namespace).toBe('default')
  expect(jobOf(inB).metadata.namespace).toBe('b')
  expect(jobOf(inB, { namespace: 'b' }).metadata.namespace).toBe('b')
  for (const namespace of ['a', 'default'])
    expect(problemsOf(inB, { namespace })).toEqual([
      `job.yaml:5: metadata.namespace: the namespace from the provided object "b" does not match the namespace "${namespace}"; pass --namespace=b`,
    ])
})

test('a Job with generateName comes without a name', () =>
  expect(jobOf(manifest({ metadata: 'generateName: pi-' })).metadata).toEqual({
    name: '',
    generateName: 'pi-',
    namespace: 'default',
  }))

test('a generated name is judged by its length before it is known, and a wrong base is told once', () => {
  const indexed = (base: string) =>
    problemsOf(manifest({ metadata: `generateName: ${base}`, spec: 'completionMode: Indexed\n  completions: 10000' }))
  expect(indexed('a'.repeat(53))).toEqual([])
  expect(indexed('a'.repeat(54))).toEqual([
    expect.stringContaining('metadata.name: Invalid value: "' + 'a'.repeat(54) + 'xxxxx": will not able to create pod'),
  ])
  expect(problemsOf(manifest({ metadata: 'generateName: A-' }))).toEqual([
    expect.stringMatching(/^job.yaml:5: metadata.generateName: Invalid value: "A-": a lowercase/),
  ])
})

const exported = (more: string, spec = '') => `
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
  annotations: {mine: kept}
  creationTimestamp: "2026-07-21T10:00:00Z"
  generation: 1
  labels: {app: pi, ${more}}
  managedFields: [{manager: kubectl, operation: Update}]
  resourceVersion: "42"
  uid: u-1
spec:
  ${spec}
  selector: {matchLabels: {batch.kubernetes.io/controller-uid: u-1}}
  template:
    metadata:
      creationTimestamp: null
      labels: {app: pi, ${more}}
    spec:
      restartPolicy: Never
      containers: [{name: pi, image: perl}]
status: {succeeded: 1}
`

test('who manages the fields is left out of a manifest without any other trace of a server, too', () => {
  const managed = manifest({ metadata: 'name: pi\n  managedFields: [{manager: kubectl, operation: Update}]' })
  expect(readOf(managed).manifest.metadata).not.toHaveProperty('managedFields')
})

test('what a server had added to a Job that was read from a cluster is left out, and named', () => {
  const generated =
    'batch.kubernetes.io/controller-uid: u-1, controller-uid: u-1, batch.kubernetes.io/job-name: pi, job-name: pi'
  const { manifest: job, leftOut } = readOf(exported(generated))
  expect(job.metadata).toEqual({
    name: 'pi',
    namespace: 'default',
    annotations: { mine: 'kept' },
    labels: { app: 'pi' },
  })
  expect(job.spec.selector).toBeUndefined()
  expect(job.spec.template.metadata).toEqual({ labels: { app: 'pi' } })
  expect(leftOut).toEqual([
    'metadata.uid',
    'metadata.resourceVersion',
    'metadata.generation',
    'metadata.creationTimestamp',
    'metadata.managedFields',
    'spec.selector',
    'the generated metadata.labels',
    'the generated spec.template.metadata.labels',
    'status',
  ])
})

test('labels of another controller are none of the server’s', () =>
  expect(readOf(exported('x: y').replaceAll('x: y', 'team: a')).manifest.metadata.labels).toEqual({
    app: 'pi',
    team: 'a',
  }))

test('a selector without an identity is known by the label that only a server makes', () => {
  const text = exported('controller-uid: u-1').replace('  uid: u-1\n', '')
  expect(readOf(text).leftOut).toContain('spec.selector')
  expect(problemsOf(text.replace('{batch.kubernetes.io/controller-uid: u-1}', '{app: pi}')).join('\n')).toMatch(
    /spec.selector: .*not auto-generated/,
  )
})

test('a selector of the user’s own is kept', () =>
  expect(problemsOf(exported('', 'manualSelector: true'))).toEqual([
    expect.stringMatching(/spec.template.metadata.labels.*`selector` does not match template `labels`/),
  ]))

test('a manifest that no server has touched is left whole', () => expect(readOf(manifest()).leftOut).toEqual([]))

const expected = 'expected a Job (apiVersion: batch/v1, kind: Job)'

test.each<[what: string, text: string, problems: ReadonlyArray<string>]>([
  ['another kind', 'apiVersion: v1\nkind: Pod\n', [`job.yaml:2: kind: "Pod" is not supported: ${expected}`]],
  ['a CronJob', 'apiVersion: batch/v1\nkind: CronJob\n', [`job.yaml:2: kind: "CronJob" is not supported: ${expected}`]],
  [
    'another version',
    'kind: Job\napiVersion: batch/v1beta1\n',
    [`job.yaml:2: apiVersion: "batch/v1beta1" is not supported: ${expected}`],
  ],
  ['no kind', 'apiVersion: batch/v1\n', [`job.yaml:1: kind: is missing: ${expected}`]],
  ['no version', 'kind: Job\n', [`job.yaml:1: apiVersion: is missing: ${expected}`]],
  ['no object', '- a\n', [`job.yaml:1: is not a Kubernetes object: ${expected}`]],
  [
    'no name',
    manifest({ metadata: 'labels: {}' }),
    ['job.yaml:4: metadata.name: Required value: name or generateName is required'],
  ],
  [
    'an unknown field, with the one that was meant',
    manifest({ spec: 'paralelism: 3' }),
    ['job.yaml:7: spec.paralelism: unknown field, did you mean "parallelism"?'],
  ],
  ['an unknown field like no other', manifest({ spec: 'colour: red' }), ['job.yaml:7: spec.colour: unknown field']],
  [
    'a wrong type',
    manifest({ spec: 'parallelism: three' }),
    ['job.yaml:7: spec.parallelism: must be an integer from -2147483648 to 2147483647, not "three"'],
  ],
  [
    'a wrong structure',
    manifest({ container: 'command: sh -c true' }),
    ['job.yaml:14: spec.template.spec.containers[0].command: must be a list, not "sh -c true"'],
  ],
  [
    'a number where a text belongs',
    manifest({ container: 'args: [1]' }),
    ['job.yaml:14: spec.template.spec.containers[0].args[0]: must be a string, not 1'],
  ],
  [
    'no quantity',
    manifest({ container: 'resources: {limits: {cpu: much}}' }),
    [
      'job.yaml:14: spec.template.spec.containers[0].resources.limits.cpu: must be a quantity such as 500m, 2 or 1Gi, not "much"',
    ],
  ],
  [
    'an invalid value',
    manifest({ spec: 'backoffLimit: -1' }),
    ['job.yaml:7: spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    'an unsupported value',
    manifest({ spec: 'completionMode: Sometimes' }),
    ['job.yaml:7: spec.completionMode: Unsupported value: "Sometimes": supported values: "NonIndexed", "Indexed"'],
  ],
])('%s is told with line and field', (_, text, problems) => expect(problemsOf(text)).toEqual(problems))

test('a bad label of the template is told at its line, though its path leaves out the metadata', () => {
  const text = manifest().replace('    spec:', '    metadata: {labels: {"a/b/c": x}}\n    spec:')
  expect(problemsOf(text)).toEqual([
    expect.stringMatching(/^job.yaml:4: metadata.labels: Invalid value: "a\/b\/c"/),
    expect.stringMatching(/^job.yaml:9: spec.template.labels: Invalid value: "a\/b\/c"/),
  ])
})

test('all problems come in the order of their lines', () =>
  expect(
    problemsOf(
      manifest({ spec: 'backoffLimit: -1', container: 'imgae: x' }).replace('name: pi\n          image', 'image'),
    ).map((text) => text.split(' ')[0]),
  ).toEqual(['job.yaml:7:', 'job.yaml:12:', 'job.yaml:13:']))

test('a status and what a server added are no problem', () =>
  expect(
    problemsOf(`${manifest({ metadata: '{name: pi, uid: x, generation: 3, creationTimestamp: null}' })}status: {}\n`),
  ).toEqual([]))

test('no more than a hundred problems are told', () => {
  const fields = Array.from({ length: 150 }, (_, n) => `k${n}: 1`).join(', ')
  const problems = problemsOf(`${manifest()}status: {${fields}}\n`)
  expect(problems).toHaveLength(101)
  expect(problems.at(-1)).toBe('job.yaml: and 50 problems more')
})

test('what is quoted from a manifest can neither move the cursor nor fill the screen', () => {
  const [escaped] = problemsOf(manifest({ spec: '"\\e[2Jx": 1' }))
  expect(escaped).toBe('job.yaml:7: spec.\\u001b[2Jx: unknown field')
  const [long] = problemsOf(manifest({ spec: `managedBy: ${'x'.repeat(5000)}` }))
  expect(long?.length).toBeLessThan(1100)
})
