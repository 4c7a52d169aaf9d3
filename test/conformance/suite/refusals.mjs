// Random manifests, most of them wrong in one to three places: what is refused must be refused in the same words, and
// what is accepted must be completed with the same defaults. Nothing is stored (dry run).
import { dice } from './walk.mjs'

export const refusals = (prefix, seeds, count = 50) =>
  Object.fromEntries(seeds.map((seed) => [`${prefix}${seed}`, (t) => create(t, seed, count)]))
export const refusedChanges = (prefix, seeds, count = 40) =>
  Object.fromEntries(seeds.map((seed) => [`${prefix}${seed}`, (t) => change(t, seed, count)]))

async function create(t, seed, count) {
  const random = dice(seed)
  for (let n = 1; n <= count; n++) {
    const manifest = t.manifest(
      { ...(random.chance(0.5) ? { completionMode: 'Indexed', completions: 3 } : {}) },
      { name: `job-${n}` },
    )
    const touched = mutate(manifest, random)
    await t.observeAnswer(
      `${n}: ${touched}`,
      'POST',
      '/apis/batch/v1/namespaces/$NS/jobs?dryRun=All',
      manifest,
      undefined,
      { withSpec: true },
    )
  }
}

async function change(t, seed, count) {
  const random = dice(seed)
  const indexed = random.chance(0.5)
  await t.createJob({
    suspend: random.chance(0.5),
    completions: 3,
    parallelism: 3,
    backoffLimit: 2,
    ...(indexed ? { completionMode: 'Indexed', backoffLimitPerIndex: 1 } : {}),
  })
  await t.settle('before')
  for (let n = 1; n <= count; n++) {
    const job = await t.job()
    const touched = mutate(job, random)
    await t.observeAnswer(`${n}: ${touched}`, 'PUT', '/apis/batch/v1/namespaces/$NS/jobs/job?dryRun=All', job)
  }
}

export function mutate(job, { pick, upTo }) {
  const touched = []
  for (let left = 1 + upTo(3); left > 0; left--) {
    const path = pick(Object.keys(values))
    const value = pick(values[path])
    set(job, path, value)
    touched.push(`${path} = ${value === undefined ? 'nothing' : shorten(JSON.stringify(value))}`)
  }
  return touched.join('; ')
}

const shorten = (text) => (text.length > 90 ? `${text.slice(0, 90)}…` : text)

function set(object, path, value) {
  const keys = path.split('.')
  const last = keys.pop()
  const parent = keys.reduce((at, key) => (at[key] ??= {}), object)
  if (value === undefined) delete parent[last]
  else parent[last] = structuredClone(value)
}

const onExitCodes = (operator, codes, more) => ({ operator, values: codes, ...more })
const onPodConditions = (type, status) => [{ type, ...(status ? { status } : {}) }]
const failurePolicy = (...rules) => ({ rules })
const successPolicy = (...rules) => ({ rules })
const container = (more) => ({ name: 'main', image: 'busybox', ...more })
const long = (n) => 'x'.repeat(n)

const values = {
  'spec.parallelism': [-1, 0, 2, 100001],
  'spec.completions': [-1, 0, 1, 3, 100001, undefined],
  'spec.completionMode': ['Indexed', 'NonIndexed', 'indexed', 'Other', undefined],
  'spec.backoffLimit': [-1, 0, 7, 2147483647, undefined],
  'spec.backoffLimitPerIndex': [-1, 0, 2, 100001, undefined],
  'spec.maxFailedIndexes': [-1, 0, 1, 4, 100001, undefined],
  'spec.activeDeadlineSeconds': [-1, 0, 1, 3600],
  'spec.ttlSecondsAfterFinished': [-1, 0, 100],
  'spec.suspend': [true, false],
  'spec.manualSelector': [true, false],
  'spec.selector': [
    { matchLabels: { app: 'x' } },
    { matchLabels: {} },
    { matchExpressions: [{ key: 'app', operator: 'In', values: [] }] },
    { matchExpressions: [{ key: 'a b', operator: 'Exists' }] },
  ],
  'spec.podReplacementPolicy': ['Failed', 'TerminatingOrFailed', 'Never', ''],
  'spec.managedBy': [
    'example.com/controller',
    'kubernetes.io/job-controller',
    'no-domain',
    'example.com/a/b',
    '',
    `example.com/${long(64)}`,
  ],
  'spec.podFailurePolicy': [
    failurePolicy(),
    failurePolicy({ action: 'FailJob', onExitCodes: onExitCodes('In', [1]) }),
    failurePolicy({ action: 'Stop', onExitCodes: onExitCodes('In', [1]) }),
    failurePolicy({ action: 'Ignore' }),
    failurePolicy({ action: 'Ignore', onExitCodes: onExitCodes('In', [1]), onPodConditions: onPodConditions('Ready') }),
    failurePolicy({ action: 'FailJob', onExitCodes: onExitCodes('In', []) }),
    failurePolicy({ action: 'FailJob', onExitCodes: onExitCodes('In', [0, 1]) }),
    failurePolicy({ action: 'FailJob', onExitCodes: onExitCodes('NotIn', [0, 1]) }),
    failurePolicy({ action: 'FailJob', onExitCodes: onExitCodes('In', [2, 1, 2]) }),
    failurePolicy({ action: 'FailJob', onExitCodes: onExitCodes('Between', [1, 2]) }),
    failurePolicy({ action: 'FailJob', onExitCodes: onExitCodes('In', [1], { containerName: 'nobody' }) }),
    failurePolicy({ action: 'FailJob', onExitCodes: onExitCodes('In', [1], { containerName: 'main' }) }),
    failurePolicy({ action: 'FailIndex', onExitCodes: onExitCodes('In', [1]) }),
    failurePolicy({ action: 'Ignore', onPodConditions: onPodConditions('DisruptionTarget') }),
    failurePolicy({ action: 'Ignore', onPodConditions: onPodConditions('Disruption Target', 'Perhaps') }),
    failurePolicy({ action: 'Ignore', onPodConditions: [] }),
    failurePolicy(...Array.from({ length: 21 }, () => ({ action: 'Count', onExitCodes: onExitCodes('In', [1]) }))),
  ],
  'spec.successPolicy': [
    successPolicy(),
    successPolicy({}),
    successPolicy({ succeededIndexes: '0-1' }),
    successPolicy({ succeededCount: 2 }),
    successPolicy({ succeededCount: 0 }),
    successPolicy({ succeededCount: 9 }),
    successPolicy({ succeededIndexes: '1-0' }),
    successPolicy({ succeededIndexes: '0,0' }),
    successPolicy({ succeededIndexes: '0-' }),
    successPolicy({ succeededIndexes: 'a' }),
    successPolicy({ succeededIndexes: '2-7' }),
    successPolicy({ succeededIndexes: '0-1', succeededCount: 3 }),
    successPolicy({ succeededIndexes: '' }),
    successPolicy({ succeededCount: -1 }),
  ],
  'spec.template.spec.restartPolicy': ['Always', 'OnFailure', 'Never', 'Sometimes', undefined],
  'spec.template.spec.activeDeadlineSeconds': [0, -1, 10],
  'spec.template.spec.terminationGracePeriodSeconds': [-1, 0, 5],
  'spec.template.spec.nodeSelector': [{ disk: 'ssd' }, { 'bad key!': 'x' }, { key: 'bad value!' }],
  'spec.template.spec.tolerations': [
    [{ key: 'a', operator: 'Exists', value: 'b' }],
    [{ operator: 'Equal' }],
    [{ key: 'a', operator: 'Sometimes' }],
    [{ key: 'a', effect: 'NoExecute', tolerationSeconds: 5 }],
  ],
  'spec.template.spec.dnsPolicy': ['ClusterFirst', 'Nowhere'],
  'spec.template.spec.hostname': ['ok', 'Not_Ok', long(64)],
  'spec.template.spec.volumes': [
    [{ name: 'data', emptyDir: {} }],
    [{ name: 'Bad_Name', emptyDir: {} }],
    [
      { name: 'data', emptyDir: {} },
      { name: 'data', emptyDir: {} },
    ],
    [{ name: 'data' }],
  ],
  'spec.template.spec.containers': [
    [],
    [container({ name: 'Not_A_Name' })],
    [container({ name: undefined })],
    [container({ image: undefined })],
    [container({ image: ' ' })],
    [container(), container()],
    [container(), container({ name: 'second' })],
    [container({ imagePullPolicy: 'Often' })],
    [container({ env: [{ name: '1 BAD=', value: 'x' }] })],
    [container({ env: [{ name: 'A', value: 'x' }, { name: 'B' }] })],
    [container({ env: [{ name: '' }] })],
    [container({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } })],
    [container({ resources: { limits: { memory: '-1' } } })],
    [container({ resources: { limits: { cpu: '500m', memory: '1Gi' } } })],
    [container({ ports: [{ containerPort: 70000 }] })],
    [container({ ports: [{ containerPort: 80 }] })],
    [container({ volumeMounts: [{ name: 'nothing', mountPath: '/x' }] })],
    [container({ volumeMounts: [{ name: 'nothing' }] })],
    [container({ terminationMessagePolicy: 'Loud' })],
    [container({ command: ['sh', '-c', 'exit 0'], args: [] })],
    [container({ livenessProbe: {} })],
    [container({ lifecycle: { preStop: {} } })],
    [container({ workingDir: '/w', tty: true })],
  ],
  'spec.template.spec.initContainers': [
    [container({ name: 'first' })],
    [container()],
    [container({ name: 'first', restartPolicy: 'Always' })],
    [container({ name: 'first', restartPolicy: 'OnFailure' })],
  ],
  'spec.template.metadata': [
    { labels: { app: 'x' } },
    { labels: { 'bad key!': 'x' } },
    { labels: { app: 'bad value!' } },
    { labels: { 'batch.kubernetes.io/job-name': 'other' } },
    { labels: { 'controller-uid': 'mine' } },
    { annotations: { 'a/b/c': 'x' } },
    { annotations: { note: 'x' } },
  ],
  'metadata.labels': [{ app: 'x' }, { 'bad key!': 'x' }, { [`${long(64)}`]: 'x' }, { app: long(64) }],
  'metadata.annotations': [{ note: 'anything at all!' }, { 'bad key!': 'x' }],
}
