// Suspend, deletion, ownership, replacement policy, clean-up, foreign managers, defaults.
export default {
  'created-suspended-then-resumed': async (t) => {
    await t.createJob({ suspend: true, completions: 2, parallelism: 2 })
    await t.settle('suspended')
    await t.patchJob({ spec: { suspend: false } })
    await t.activePods(2)
    await t.settle('resumed')
    await t.succeed(2)
    await t.awaitCondition('Complete')
    await t.settle('complete')
  },
  'suspended-while-running': async (t) => {
    await t.createJob({ completions: 3, parallelism: 2 })
    await t.activePods(2)
    await t.start(2)
    await t.succeed(1)
    await t.activePods(2)
    await t.patchJob({ spec: { suspend: true } })
    await t.settle('suspended, pods gone')
    await t.patchJob({ spec: { suspend: false } })
    await t.activePods(2)
    await t.settle('resumed')
  },
  'replacement-only-once-failed': async (t) => {
    await t.createJob({ podReplacementPolicy: 'Failed', completions: 1, podSpec: { nodeName: 'elsewhere' } })
    const [pod] = await t.activePods(1)
    await t.start(pod)
    await t.deletePod(pod)
    await t.settle('terminating, not replaced')
    await t.confirmDeletions()
    await t.activePods(1, { seconds: 40 })
    await t.settle('replaced')
  },
  'ttl-after-finished': async (t) => {
    await t.createJob({ ttlSecondsAfterFinished: 2 })
    await t.succeed(1)
    await t.awaitGone('job', 60)
    await t.settle('job and pods gone')
  },
  'delete-orphan-keeps-pods': async (t) => {
    await t.createJob({ parallelism: 2, completions: 2 })
    await t.activePods(2)
    await t.deleteJob('Orphan')
    await t.awaitGone()
    await t.settle('pods without owner')
  },
  'delete-background-removes-pods': async (t) => {
    await t.createJob({ parallelism: 2, completions: 2 })
    await t.activePods(2)
    await t.deleteJob('Background')
    await t.awaitGone()
    await t.settle('all gone', { quiet: 5 })
  },
  'manual-selector-adopts-orphans': async (t) => {
    await t.createJob({ parallelism: 1, completions: 2, podMetadata: { labels: { batch: 'blue' } } }, { name: 'old' })
    await t.activePods(1)
    await t.deleteJob('Orphan', 'old')
    await t.awaitGone('old')
    await t.createJob(
      {
        parallelism: 1,
        completions: 1,
        manualSelector: true,
        selector: { matchLabels: { batch: 'blue' } },
        podMetadata: { labels: { batch: 'blue' } },
      },
      { name: 'new' },
    )
    await t.settle('the new job adopted the old pod')
    await t.succeed(1)
    await t.awaitCondition('Complete', { name: 'new' })
    await t.settle('complete')
  },
  'managed-by-someone-else': async (t) => {
    await t.createJob({ managedBy: 'example.com/other', completions: 2 })
    await t.settle('untouched', { quiet: 4 })
  },
  'defaults-of-a-plain-job': async (t) => {
    await t.createJob()
    await t.observeDefaults('defaults')
  },
  'defaults-of-an-indexed-job': async (t) => {
    await t.createJob({ completionMode: 'Indexed', completions: 3, backoffLimitPerIndex: 1, suspend: true })
    await t.observeDefaults('defaults')
  },
}
