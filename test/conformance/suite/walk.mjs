// A random walk over one Job: a spec drawn from the seed, then a few moves of the user and the kubelet, each followed
// by a recorded rest. The same seed makes the same moves on every server that behaves the same.
import { indexOf } from './scenario.mjs'

export const walks = (prefix, seeds) => Object.fromEntries(seeds.map((seed) => [`${prefix}${seed}`, walk(seed)]))

/** Pods that fail in a row before a success; the replacement of the n-th waits 10 · 2^(n-1) seconds. */
const MOST_FAILURES = 2

export const walk = (seed) => async (t) => {
  const random = dice(seed)
  const spec = drawSpec(random)
  const job = () => t.job()
  let failuresInARow = 0
  const backOff = () => (failuresInARow ? 10 * 2 ** (failuresInARow - 1) + 3 : 0)

  await t.createJob(spec)
  await t.settle('created')
  for (let step = 1; step <= 6 && !finished(await job()); step++) {
    const move = drawMove(random, {
      spec: (await job()).spec,
      pods: await t.listPods(),
      mayFail: MOST_FAILURES - failuresInARow,
    })
    await moves[move.name](t, move)
    if (move.name === 'succeed') failuresInARow = 0
    if (move.name === 'fail' || move.name === 'delete') failuresInARow += move.pods.length
    const failing = ['fail', 'delete', 'confirm'].includes(move.name)
    await t.settle(`${step}: ${move.label}`, { atLeast: failing ? backOff() : 0 })
  }
  await t.patchJob({
    spec: { suspend: false, ...(finished(await job()) || (await job()).spec.parallelism ? {} : { parallelism: 2 }) },
  })
  await t.settle('resumed')
  for (let round = 1; round <= 8 && !finished(await job()); round++) {
    const pods = await t.listPods()
    await t.confirmDeletions()
    await t.succeed(pods.filter(isActive))
    await t.settle(`end ${round}`, { atLeast: pods.some(isTerminating) ? backOff() : 0 })
  }
}

const moves = {
  rest: async () => {},
  start: (t, { pods, ready }) => t.start(pods, { ready }),
  restart: (t, { pods, restarts }) => t.start(pods, { restarts }),
  succeed: (t, { pods }) => t.succeed(pods),
  fail: (t, { pods, exitCode, conditions }) => t.fail(pods, { exitCode, conditions }),
  delete: async (t, { pods }) => {
    for (const pod of pods) await t.deletePod(pod)
  },
  confirm: (t) => t.confirmDeletions(),
  patch: (t, { patch }) => t.patchJob({ spec: patch }),
}

function drawSpec({ chance, pick, upTo }) {
  const restartPolicy = chance(0.85) ? 'Never' : 'OnFailure'
  const shape = pick([
    'fixed',
    'fixed',
    'queue',
    'indexed',
    'indexed',
    ...(restartPolicy === 'Never' ? ['per index', 'per index'] : []),
  ])
  const completions = shape === 'queue' ? undefined : 1 + upTo(5)
  const indexed = shape === 'indexed' || shape === 'per index'
  const rules = [
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
    { action: 'Ignore', onExitCodes: { operator: 'In', values: [3] } },
    { action: 'Count', onExitCodes: { operator: 'NotIn', values: [0, 42] } },
    ...(shape === 'per index' ? [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [7] } }] : []),
  ]
  const failurePolicy = restartPolicy === 'Never' && chance(0.35)
  return {
    completions,
    parallelism: 1 + upTo(3),
    ...(indexed ? { completionMode: 'Indexed' } : {}),
    ...(shape === 'per index'
      ? { backoffLimitPerIndex: upTo(2), ...(chance(0.4) ? { maxFailedIndexes: Math.min(completions, upTo(2)) } : {}) }
      : {}),
    ...(shape !== 'per index' || chance(0.3) ? { backoffLimit: upTo(3) } : {}),
    ...(failurePolicy ? { podFailurePolicy: { rules: [pick(rules), pick(rules)] } } : {}),
    ...(failurePolicy || chance(0.25) ? { podReplacementPolicy: 'Failed' } : {}),
    ...(indexed && chance(0.3) ? { successPolicy: { rules: [drawSuccess({ chance, upTo }, completions)] } } : {}),
    ...(chance(0.15) ? { suspend: true } : {}),
    podSpec: { restartPolicy, ...(chance(0.7) ? { nodeName: 'elsewhere' } : {}) },
  }
}

function drawSuccess({ chance, upTo }, completions) {
  const last = upTo(completions)
  const succeededIndexes = last === 0 ? '0' : `0-${last}`
  return chance(0.5) ? { succeededIndexes } : { succeededIndexes, succeededCount: 1 + upTo(last + 1) }
}

function drawMove({ chance, pick, upTo }, { spec, pods, mayFail }) {
  const active = pods.filter(isActive).sort((a, b) => (indexOf(a) ?? 0) - (indexOf(b) ?? 0))
  const indexed = spec.completionMode === 'Indexed'
  const options = ['patch', ...(pods.some(isTerminating) ? ['confirm', 'confirm'] : ['rest'])]
  if (active.length)
    options.push('start', 'start', 'succeed', 'succeed', ...(mayFail ? ['fail', 'fail', 'fail', 'delete'] : []))
  if (active.length && spec.template.spec.restartPolicy === 'OnFailure') options.push('restart', 'restart')
  const name = pick(options)
  if (name === 'patch') {
    const n = spec.parallelism
    const patch = pick([
      { suspend: !spec.suspend },
      // Which of several like pods of an Indexed Job is removed is not defined: scale those up, or to nothing.
      { parallelism: indexed ? pick([0, n + 1, n + 2]) : upTo(5) },
      ...(indexed
        ? [{ completions: Math.max(1, spec.completions - 1), parallelism: Math.max(1, spec.completions - 1) }]
        : []),
    ])
    if ('completions' in patch && n !== spec.completions) delete patch.completions
    return { name, patch, label: `patch ${JSON.stringify(patch)}` }
  }
  if (name === 'rest' || name === 'confirm') return { name, label: name }
  const kind = pick([...new Set(active.map(likeness))].sort((a, b) => (a < b ? -1 : 1)))
  const alike = active.filter((p) => likeness(p) === kind)
  const some = alike.slice(
    0,
    1 + upTo(name === 'fail' || name === 'delete' ? Math.min(mayFail, alike.length) : alike.length),
  )
  const label = `${name} ${some.length} ${kind}${indexed ? ` at ${some.map(indexOf)}` : ''}`
  if (name === 'start') return { name, pods: some, ready: chance(0.7), label }
  if (name === 'restart') return { name, pods: some, restarts: 1 + upTo(2), label }
  if (name !== 'fail') return { name, pods: some, label }
  const conditions = chance(0.25) ? [{ type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI' }] : []
  const exitCode = pick([1, 1, 3, 7, 42, 137])
  return {
    name,
    pods: some,
    exitCode,
    conditions,
    label: `${label} with ${exitCode}${conditions.length ? ', disrupted' : ''}`,
  }
}

const finished = (job) =>
  (job?.status?.conditions ?? []).some((c) => ['Complete', 'Failed'].includes(c.type) && c.status === 'True')
const isTerminating = (pod) => Boolean(pod.metadata.deletionTimestamp)
const isActive = (pod) => !isTerminating(pod) && !['Succeeded', 'Failed'].includes(pod.status?.phase)

/** Pods of one likeness are interchangeable: which of them a move takes makes no difference to what is observed. */
function likeness(pod) {
  const ready = pod.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ? ' ready' : ''
  const restarts = pod.status.containerStatuses?.[0]?.restartCount ?? 0
  return `${pod.status.phase}${ready}${restarts ? ` restarted ${restarts}×` : ''}`
}

/** A small deterministic generator (mulberry32). */
export function dice(seed) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
  const upTo = (n) => Math.floor(next() * n)
  return { upTo, chance: (p) => next() < p, pick: (items) => items[upTo(items.length)] }
}
