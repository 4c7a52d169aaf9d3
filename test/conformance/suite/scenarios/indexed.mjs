// Indexed Jobs: indexes, retries of an index, per-index back-off, success policy, elastic scaling.
const indexed = (spec) => ({ completionMode: 'Indexed', ...spec })

export default {
  'indexed-out-of-order': async (t) => {
    await t.createJob(indexed({ completions: 5, parallelism: 5 }))
    await t.activePods(5)
    await t.settle('five indexes')
    await t.succeed({ index: [0, 2, 3] })
    await t.settle('0,2-3')
    await t.succeed({ index: [1, 4] })
    await t.awaitCondition('Complete')
    await t.settle('complete')
  },
  'indexed-failed-index-is-retried': async (t) => {
    await t.createJob(indexed({ completions: 2, parallelism: 1, backoffLimit: 3 }))
    await t.fail({ index: 0 })
    await t.activePods(1, { seconds: 40 })
    await t.settle('index 0 again')
    await t.succeed({ index: 0 })
    await t.succeed({ index: 1 })
    await t.awaitCondition('Complete')
    await t.settle('complete')
  },
  'per-index-backoff-one-index-fails': async (t) => {
    await t.createJob(indexed({ completions: 3, parallelism: 3, backoffLimitPerIndex: 0 }))
    await t.activePods(3)
    await t.fail({ index: 1 })
    await t.settle('index 1 failed, no retry')
    await t.succeed({ index: [0, 2] })
    await t.awaitCondition('Failed')
    await t.settle('failed because of an index')
  },
  'per-index-max-failed-indexes': async (t) => {
    await t.createJob(indexed({ completions: 5, parallelism: 3, backoffLimitPerIndex: 0, maxFailedIndexes: 1 }))
    await t.activePods(3)
    await t.fail({ index: [0, 1] })
    await t.awaitCondition('Failed')
    await t.settle('too many failed indexes')
  },
  'per-index-retry-carries-failure-count': async (t) => {
    await t.createJob(indexed({ completions: 2, parallelism: 2, backoffLimitPerIndex: 1 }))
    await t.activePods(2)
    await t.fail({ index: 0 })
    await t.activePods(2, { seconds: 40 })
    await t.settle('second attempt of index 0')
    await t.fail({ index: 0 })
    await t.settle('index 0 failed')
    await t.succeed({ index: 1 })
    await t.awaitCondition('Failed')
    await t.settle('failed')
  },
  'success-policy-indexes': async (t) => {
    await t.createJob(
      indexed({ completions: 4, parallelism: 4, successPolicy: { rules: [{ succeededIndexes: '0,2' }] } }),
    )
    await t.activePods(4)
    await t.succeed({ index: 0 })
    await t.settle('not yet')
    await t.succeed({ index: 2 })
    await t.awaitCondition('Complete')
    await t.settle('complete by policy')
  },
  'elastic-indexed-scale-down': async (t) => {
    await t.createJob(indexed({ completions: 4, parallelism: 4 }))
    await t.activePods(4)
    await t.succeed({ index: [0, 3] })
    await t.settle('0 and 3 done')
    await t.patchJob({ spec: { completions: 2, parallelism: 2 } })
    await t.settle('scaled to two')
    await t.succeed({ index: 1 })
    await t.awaitCondition('Complete')
    await t.settle('complete')
  },
}
