import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Shape } from '../../../../src/domain/kubernetes/schema.ts'
import { mutate } from '../../../conformance/suite/refusals.mjs'
import { dice } from '../../../conformance/suite/walk.mjs'
import { type Answer, asObserved, create, type Outcome, update } from './pure-server.ts'

const golden = (name: string): ReadonlyArray<Answer> =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../conformance/golden', `${name}.json`), 'utf8'))

const manifest = (spec: Shape<'JobSpec'> = {}, pod: Shape<'PodSpec'> = {}, name = 'job'): Shape<'Job'> => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    ...spec,
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'main', image: 'busybox', command: ['sh', '-c', 'true'] }],
        ...pod,
      },
    },
  },
})

describe.each([1, 2, 3, 4])('Jobs drawn from seed %s are refused or completed as Kubernetes does', (seed) => {
  const random = dice(seed)
  test.each(
    golden(`refusals-${seed}`).map((answer, index) => {
      const job = manifest(
        random.chance(0.5) ? { completionMode: 'Indexed', completions: 3 } : {},
        {},
        `job-${index + 1}`,
      )
      return [`${index + 1}: ${mutate(job, random)}`, answer, job] as const
    }),
  )('%s', (label, answer, job) => expect(asObserved(label, 201, create(job), true)).toStrictEqual(answer))
})

describe.each([1, 2, 3, 4])('changes drawn from seed %s are refused or accepted as Kubernetes does', (seed) => {
  const random = dice(seed)
  const isIndexed = random.chance(0.5)
  const [before, ...answers] = golden(`refused-changes-${seed}`)
  const present: Shape<'Job'> = {
    ...create(
      manifest({
        suspend: random.chance(0.5),
        completions: 3,
        parallelism: 3,
        backoffLimit: 2,
        ...(isIndexed ? { completionMode: 'Indexed', backoffLimitPerIndex: 1 } : {}),
      }),
    ).job,
    status: statusBefore(before),
  }
  test.each(
    answers.map((answer, index) => {
      const job = structuredClone(present)
      return [`${index + 1}: ${mutate(job, random)}`, answer, job] as const
    }),
  )('%s', (label, answer, job) => expect(asObserved(label, 200, update(job, present), false)).toStrictEqual(answer))
})

/** The status of the Job that all changes were tried on, from what was recorded of it. */
function statusBefore(answer: unknown): Shape<'JobStatus'> {
  const { started, active, conditions } = (answer as Before).jobs.job.status
  return {
    ...(started ? { startTime: '2026-01-01T00:00:00Z' } : {}),
    ...(active === undefined ? {} : { active }),
    ...(conditions === undefined ? {} : { conditions }),
  }
}

type Before = {
  readonly jobs: { readonly job: { readonly status: Shape<'JobStatus'> & { readonly started: boolean } } }
}

describe('what is refused at creation', () => {
  const { successPolicy, ...twoIndexes } = {
    completionMode: 'Indexed',
    completions: 2,
    successPolicy: { rules: [] },
  }
  const tried: Readonly<Record<string, Shape<'Job'>>> = {
    'restartPolicy Always': manifest({}, { restartPolicy: 'Always' }),
    'no restartPolicy': manifest({}, { restartPolicy: '' }),
    'negative numbers': manifest({
      parallelism: -1,
      completions: -1,
      backoffLimit: -1,
      activeDeadlineSeconds: -1,
      ttlSecondsAfterFinished: -1,
    }),
    'no containers': manifest({}, { containers: [] }),
    'indexed without completions': manifest({ completionMode: 'Indexed' }),
    'unknown completion mode': manifest({ completionMode: 'Sometimes' }),
    'backoffLimitPerIndex on a non-indexed job': manifest({ backoffLimitPerIndex: 1 }),
    'maxFailedIndexes above completions': manifest({ ...twoIndexes, backoffLimitPerIndex: 1, maxFailedIndexes: 3 }),
    'selector without manualSelector': manifest({ selector: { matchLabels: { a: 'b' } } }),
    'bad job name': manifest({}, {}, 'Not_A_Name'),
    'failure policy with OnFailure': manifest({ podFailurePolicy: { rules: [] } }, { restartPolicy: 'OnFailure' }),
    'managedBy without a domain': manifest({ managedBy: 'me' }),
    'success policy without rules': manifest({ ...twoIndexes, successPolicy }),
  }

  test.each(golden('refused-at-creation').map((answer) => [answer.label, answer] as const))('%s', (label, answer) =>
    expect(asObserved(label, 201, create(tried[label] ?? {}), false)).toStrictEqual(answer),
  )
})

test('what is immutable: the rest of the Job may change, one patch after the other', () => {
  const container = { name: 'main', image: 'other', command: ['true'] }
  const patches: Readonly<Record<string, (spec: Shape<'JobSpec'>) => Shape<'JobSpec'>>> = {
    completions: () => ({ completions: 3 }),
    completionMode: () => ({ completionMode: 'Indexed' }),
    'template image': ({ template }) => ({
      template: { ...template, spec: { ...template?.spec, containers: [container] } },
    }),
    backoffLimitPerIndex: () => ({ backoffLimitPerIndex: 2 }),
    managedBy: () => ({ managedBy: 'example.com/x' }),
    'parallelism is mutable': () => ({ parallelism: 3 }),
    'ttl is mutable': () => ({ ttlSecondsAfterFinished: 100 }),
    'backoffLimit is mutable': () => ({ backoffLimit: 2 }),
  }
  const answers = golden('immutable-fields')
  let present = create(manifest({ completions: 2, suspend: true })).job
  const observed = answers.map(({ label }) => {
    const outcome: Outcome = update(
      { ...present, spec: { ...present.spec, ...patches[label]?.(present.spec ?? {}) } },
      present,
    )
    if (outcome.errors.length === 0) present = outcome.job
    return asObserved(label, 200, outcome, false)
  })
  expect(observed).toStrictEqual(answers)
})

test.each<[name: string, spec: Shape<'JobSpec'>]>([
  ['defaults-of-a-plain-job', {}],
  ['defaults-of-an-indexed-job', { completionMode: 'Indexed', completions: 3, backoffLimitPerIndex: 1, suspend: true }],
])('%s', (name, spec) =>
  expect(asObserved('defaults', 201, create(manifest(spec)), true).spec).toStrictEqual(golden(name)[0]?.spec),
)
