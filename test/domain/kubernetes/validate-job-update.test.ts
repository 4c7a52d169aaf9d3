import { describe, expect, test } from 'vitest'
import { changedJob } from '../../../src/domain/kubernetes/changed-job.ts'
import { renderFieldError } from '../../../src/domain/kubernetes/field-error.ts'
import { prepareJob } from '../../../src/domain/kubernetes/prepare-job.ts'
import type { Shape } from '../../../src/domain/kubernetes/schema.ts'
import { validateJobUpdate } from '../../../src/domain/kubernetes/validate-job-update.ts'
import { withDefaults } from '../../../src/domain/kubernetes/with-defaults.ts'
import { container, jobOf, type Overrides } from './refusals-of.ts'

const stored = (over: Overrides, status: Shape<'JobStatus'> = {}): Shape<'Job'> => ({
  ...prepareJob(withDefaults(jobOf({ ...over, metadata: { labels: { own: 'x' }, ...over.metadata } })), 'uid-1'),
  status,
})

/** What is said against a change of the stored Job, one sentence each. */
const said = (present: Shape<'Job'>, change: (job: Shape<'Job'>) => Shape<'Job'>): ReadonlyArray<string> =>
  validateJobUpdate(changedJob(change(present), present), present).map(renderFieldError)

const inSpec = (more: Shape<'JobSpec'>) => (job: Shape<'Job'>) => ({ ...job, spec: { ...job.spec, ...more } })
const inMetadata = (more: Shape<'ObjectMeta'>) => (job: Shape<'Job'>) => ({
  ...job,
  metadata: { ...job.metadata, ...more },
})
const inTemplate = (more: Shape<'ObjectMeta'>) => (job: Shape<'Job'>) =>
  inSpec({
    template: { ...job.spec?.template, metadata: { ...job.spec?.template?.metadata, ...more } },
  })(job)
const inPod = (more: Shape<'PodSpec'>) => (job: Shape<'Job'>) =>
  inSpec({ template: { ...job.spec?.template, spec: { ...job.spec?.template?.spec, ...more } } })(job)

const indexed = { completionMode: 'Indexed', completions: 5, parallelism: 3 }
const tandem = 'can only be modified in tandem with spec.parallelism'

describe('[U-1] what never changes', () => {
  test.each<[field: string, change: Shape<'JobSpec'>, refusals: ReadonlyArray<string>]>([
    ['completions', { completions: 2 }, ['spec.completions: Invalid value: 2: field is immutable']],
    ['managedBy', { managedBy: 'a.io/b' }, ['spec.managedBy: Invalid value: "a.io/b": field is immutable']],
    [
      'selector, even to one that finds the same Pods',
      { selector: { matchLabels: { 'job-name': 'job' } } },
      ['spec.selector: Invalid value: {"matchLabels":{"job-name":"job"}}: field is immutable'],
    ],
    [
      'successPolicy, once and what is wrong with it twice',
      { successPolicy: { rules: [{ succeededCount: 1 }] } },
      [
        'spec.successPolicy: Invalid value: {"rules":[{"succeededCount":1}]}: requires indexed completion mode',
        'spec.successPolicy: Invalid value: {"rules":[{"succeededCount":1}]}: requires indexed completion mode',
        'spec.successPolicy: Invalid value: {"rules":[{"succeededCount":1}]}: field is immutable',
      ],
    ],
  ])('%s', (_, change, refusals) => expect(said(stored({}), inSpec(change))).toEqual(refusals))

  test('[U-7] what is taken away prints as null', () =>
    expect(said(stored({}), ({ spec: { completions: _, ...spec } = {}, ...job }) => ({ ...job, spec }))).toEqual([
      'spec.completions: Invalid value: null: field is immutable',
    ]))

  test('[U-7] a failure policy that is added says what else it needs, twice', () =>
    expect(said(stored({}), inSpec({ podFailurePolicy: { rules: [] } }))).toEqual([
      'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"',
      'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"',
      'spec.podFailurePolicy: Invalid value: {"rules":null}: field is immutable',
    ]))
})

test.each<[field: string, change: Shape<'JobSpec'>]>([
  ['parallelism', { parallelism: 7 }],
  ['suspend', { suspend: true }],
  ['backoffLimit', { backoffLimit: 0 }],
  ['activeDeadlineSeconds', { activeDeadlineSeconds: 5 }],
  ['ttlSecondsAfterFinished', { ttlSecondsAfterFinished: 5 }],
  ['podReplacementPolicy', { podReplacementPolicy: 'Failed' }],
  ['manualSelector', { manualSelector: true }],
])('[U-5, U-7] %s may change at any time', (_, change) => expect(said(stored({}), inSpec(change))).toEqual([]))

describe('[U-2] an elastic Indexed Job', () => {
  test.each<[what: string, change: Shape<'JobSpec'>, refusals: ReadonlyArray<string>]>([
    ['both move to the same', { completions: 8, parallelism: 8 }, []],
    ['completions moves to where parallelism is', { completions: 3 }, []],
    ['completions alone', { completions: 8 }, [`spec.completions: Invalid value: 8: ${tandem}`]],
    ['parallelism alone', { parallelism: 5 }, []],
  ])('%s', (_, change, refusals) => expect(said(stored({ spec: indexed }), inSpec(change))).toEqual(refusals))

  test('without completions it is refused as any Indexed Job is, not as a change', () =>
    expect(
      said(stored({ spec: indexed }), ({ spec: { completions: _, ...spec } = {}, ...job }) => ({ ...job, spec })),
    ).toEqual(Array.from({ length: 2 }, () => 'spec.completions: Required value: when completion mode is Indexed')))
})

describe('[U-3] the template of a suspended Job', () => {
  const suspended: Shape<'JobStatus'> = { conditions: [{ type: 'Suspended', status: 'True' }] }
  const startTime = '2026-01-01T00:00:00Z'
  const other = inPod({ nodeSelector: { disk: 'ssd' } })

  test.each<[what: string, suspend: boolean, status: Shape<'JobStatus'>, mayChange: boolean]>([
    ['not yet looked at', true, {}, true],
    ['never started', true, suspended, true],
    ['suspended since', true, { startTime, ...suspended }, true],
    ['about to be suspended', true, { startTime }, false],
    ['with a Pod still alive', true, { startTime, active: 1, ...suspended }, false],
    ['about to be resumed', false, suspended, false],
  ])('may be placed elsewhere or not: %s', (_, suspend, status, mayChange) =>
    expect(said(stored({ spec: { suspend } }, status), other)).toEqual(
      mayChange ? [] : [expect.stringMatching(/^spec.template: Invalid value: \{.*\}: field is immutable$/)],
    ),
  )

  test('the check reads the Job as it was: one change may also resume it', () =>
    expect(said(stored({ spec: { suspend: true } }), (job) => inSpec({ suspend: false })(other(job)))).toEqual([]))

  const nodes = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [] }] } }
  const pods = {
    requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', labelSelector: {} }],
  }
  const cpu = (limit: string) => container({ resources: { limits: { cpu: limit } } })
  const oneCpu = stored({ spec: { suspend: true }, pod: { containers: [cpu('1')], affinity: { podAffinity: pods } } })

  test.each<[what: string, change: (job: Shape<'Job'>) => Shape<'Job'>, mayChange: boolean]>([
    ['labels', (job) => inTemplate({ labels: { ...job.spec?.template?.metadata?.labels, more: 'x' } })(job), true],
    ['annotations', inTemplate({ annotations: { more: 'x' } }), true],
    ['finalizers', inTemplate({ finalizers: ['a.io/b'] }), true],
    ['tolerations', inPod({ tolerations: [{ operator: 'Exists' }] }), true],
    ['schedulingGates', inPod({ schedulingGates: [{ name: 'a.io/b' }] }), true],
    [
      'node affinity beside the same Pod affinity',
      inPod({ affinity: { podAffinity: pods, nodeAffinity: nodes } }),
      true,
    ],
    ['no affinity at all', inPod({ affinity: {} }), false],
    ['Pod anti-affinity', inPod({ affinity: { podAffinity: pods, podAntiAffinity: pods } }), false],
    ['resources of a container', inPod({ containers: [cpu('2')] }), true],
    ['the same resources in other words', inPod({ containers: [cpu('1000m')] }), true],
    ['the name of a container', inPod({ containers: [{ ...cpu('1'), name: 'other' }] }), false],
    ['one container more', inPod({ containers: [cpu('1'), container({ name: 'second' })] }), false],
    ['the image', inPod({ containers: [{ ...cpu('1'), image: 'other' }] }), false],
    ['resources of the whole Pod', inPod({ resources: { limits: { cpu: '4' } } }), false],
  ])('%s', (_, change, mayChange) =>
    expect(said(oneCpu, change)).toEqual(
      mayChange ? [] : [expect.stringMatching(/^spec.template.spec: Invalid value: \{.*\}: field is immutable$/)],
    ),
  )

  test.each<[what: string, before: Shape<'PodSpec'>, affinity: Shape<'Affinity'> | undefined]>([
    ['comes', {}, { nodeAffinity: nodes }],
    ['goes', { affinity: { nodeAffinity: nodes } }, undefined],
  ])('an affinity of nodes alone %s', (_, before, affinity) =>
    expect(
      said(stored({ spec: { suspend: true }, pod: before }), (job) => {
        const { affinity: _old, ...pod } = job.spec?.template?.spec ?? {}
        return inSpec({
          template: { ...job.spec?.template, spec: { ...pod, ...(affinity === undefined ? {} : { affinity }) } },
        })(job)
      }),
    ).toEqual([]),
  )
})

describe('[U-6] what is wrong with metadata', () => {
  const sentences = (refusals: ReadonlyArray<string>) =>
    Object.fromEntries(
      [...new Set(refusals)].map((text) => [text.slice(0, 40), refusals.filter((r) => r === text).length]),
    )

  test.each<[what: string, change: Shape<'ObjectMeta'>, said: Readonly<Record<string, number>>]>([
    ['labels: four times', { labels: { a: '-' } }, { 'metadata.labels: Invalid value: "-": a v': 4 }],
    ['annotations: four times', { annotations: { 'a b': '' } }, { 'metadata.annotations: Invalid value: "a ': 4 }],
    ['another uid: twice', { uid: 'other' }, { 'metadata.uid: Invalid value: "other": fi': 2, ...labelsOfAnother() }],
    ['finalizers: twice', { finalizers: ['short'] }, { 'metadata.finalizers[0]: Invalid value: "': 2 }],
  ])('%s', (_, change, times) => expect(sentences(said(stored({}), inMetadata(change)))).toEqual(times))

  test('a change of a hundred thousand finalizers is judged in a moment', () => {
    const finalizersOf = (prefix: string) => Array.from({ length: 100_000 }, (_, place) => `${prefix}/${place}`)
    const present = stored({ metadata: { finalizers: finalizersOf('a.example') } })
    const began = performance.now()
    expect(said(present, inMetadata({ finalizers: finalizersOf('b.example') }))).toEqual([])
    expect(performance.now() - began).toBeLessThan(3000)
  })

  test('a Job that waits for its end gets no new finalizers', () => {
    const waiting = inMetadata({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a.io/b'] })(stored({}))
    expect(sentences(said(waiting, inMetadata({ finalizers: ['a.io/b', 'c.io/d'] })))).toEqual({
      'metadata.finalizers: Forbidden: no new f': 2,
    })
    expect(said(waiting, inMetadata({ finalizers: [] }))).toEqual([])
  })

  /** The labels of the template name the present uid. */
  function labelsOfAnother() {
    return {
      'spec.template.metadata.labels[batch.kube': 1,
      'spec.template.metadata.labels[controller': 1,
      'spec.selector: Invalid value: {"matchLab': 1,
    }
  }
})

test('[D-4] a Job sent without labels takes those of its template', () => {
  const present = stored({})
  const { labels: _, ...metadata } = present.metadata ?? {}
  expect(changedJob({ ...present, metadata }, present).metadata?.labels).toStrictEqual(
    present.spec?.template?.metadata?.labels,
  )
})

test('[D-6] status and what the server says of the object stay as they are', () => {
  const present = stored({ metadata: { annotations: { note: 'old' } } }, { active: 1 })
  const changed = changedJob(
    { metadata: { name: 'job', resourceVersion: '7' }, spec: present.spec ?? {}, status: {} },
    present,
  )
  expect(changed.status).toStrictEqual({ active: 1 })
  expect(changed.metadata).toMatchObject({ name: 'job', uid: 'uid-1' })
  expect(changed.metadata).not.toHaveProperty('annotations')
  expect(changed.metadata).not.toHaveProperty('resourceVersion')
})

test('[U-4] a Job from before labels had a prefix need not get them', () => {
  const legacy = { 'controller-uid': 'uid-1', 'job-name': 'job' }
  const present = inSpec({
    selector: { matchLabels: { 'controller-uid': 'uid-1' } },
    template: { ...stored({}).spec?.template, metadata: { labels: legacy } },
  })(stored({}))
  expect(said(present, inSpec({ parallelism: 2 }))).toEqual([])
})
