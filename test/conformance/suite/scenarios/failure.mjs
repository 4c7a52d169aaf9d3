// Failures: retries, backoff limits, deadlines, restart counting, pod failure policies.
const exitCodeRule = (action, values, operator = 'In') => ({
  action,
  onExitCodes: { containerName: 'main', operator, values },
})

export default {
  'backoff-limit-zero': async (t) => {
    await t.createJob({ backoffLimit: 0 })
    await t.fail(1)
    await t.awaitCondition('Failed')
    await t.settle('failed')
  },
  'one-retry-then-failed': async (t) => {
    await t.createJob({ backoffLimit: 1 })
    await t.fail(1)
    await t.settle('waiting out the back-off', { quiet: 2 })
    await t.activePods(1, { seconds: 40 })
    await t.settle('retried')
    await t.fail(1)
    await t.awaitCondition('Failed')
    await t.settle('failed')
  },
  'backoff-limit-stops-the-other-pods': async (t) => {
    await t.createJob({ backoffLimit: 0, completions: 4, parallelism: 3, podSpec: { nodeName: 'elsewhere' } })
    await t.activePods(3)
    await t.start(3)
    await t.fail(1)
    await t.awaitCondition('FailureTarget')
    await t.settle('others terminating')
    await t.confirmDeletions()
    await t.awaitCondition('Failed')
    await t.settle('failed')
  },
  'deadline-exceeded': async (t) => {
    await t.createJob({ activeDeadlineSeconds: 3, parallelism: 2, completions: 2 })
    await t.activePods(2)
    await t.start(2)
    await t.awaitCondition('Failed', { seconds: 40 })
    await t.settle('failed')
  },
  'on-failure-restarts-count': async (t) => {
    await t.createJob({ backoffLimit: 2, podSpec: { restartPolicy: 'OnFailure' } })
    const [pod] = await t.activePods(1)
    await t.start(pod, { restarts: 1 })
    await t.settle('one restart')
    await t.start(pod, { restarts: 3 })
    await t.awaitCondition('Failed', { seconds: 40 })
    await t.settle('failed')
  },
  'policy-fail-job-on-exit-code': async (t) => {
    await t.createJob({
      backoffLimit: 6,
      completions: 2,
      parallelism: 2,
      podFailurePolicy: { rules: [exitCodeRule('FailJob', [42])] },
    })
    await t.activePods(2)
    await t.fail(1, { exitCode: 42 })
    await t.awaitCondition('Failed', { seconds: 40 })
    await t.settle('failed')
  },
  'policy-ignores-disruption': async (t) => {
    await t.createJob({
      backoffLimit: 0,
      podFailurePolicy: {
        rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
      },
    })
    await t.fail(1, { exitCode: 137, conditions: [{ type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI' }] })
    await t.activePods(1, { seconds: 40 })
    await t.settle('ignored and replaced')
    await t.succeed(1)
    await t.awaitCondition('Complete')
    await t.settle('complete')
  },
  'policy-first-matching-rule-wins': async (t) => {
    await t.createJob({
      backoffLimit: 1,
      podFailurePolicy: { rules: [exitCodeRule('Count', [1]), exitCodeRule('FailJob', [0], 'NotIn')] },
    })
    await t.fail(1, { exitCode: 1 })
    await t.activePods(1, { seconds: 40 })
    await t.settle('counted, not failed')
    await t.fail(1, { exitCode: 2 })
    await t.awaitCondition('Failed', { seconds: 40 })
    await t.settle('failed by the second rule')
  },
}
