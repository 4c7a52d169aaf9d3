// Run to completion: fixed completions, work queues, parallelism.
export default {
  'single-pod-succeeds': async (t) => {
    await t.createJob()
    await t.activePods(1)
    await t.settle('created')
    await t.start(1)
    await t.settle('running')
    await t.succeed(1)
    await t.awaitCondition('Complete')
    await t.settle('complete')
  },
  'fixed-completions-parallel': async (t) => {
    await t.createJob({ completions: 5, parallelism: 2 })
    await t.activePods(2)
    await t.settle('first two')
    await t.succeed(1)
    await t.activePods(2)
    await t.settle('one done, two more running')
    for (let i = 0; i < 4; i++) {
      await t.succeed(1)
      await t.sleep(0.5)
    }
    await t.awaitCondition('Complete')
    await t.settle('complete')
  },
  'parallelism-is-capped-by-completions': async (t) => {
    await t.createJob({ completions: 3, parallelism: 10 })
    await t.activePods(3)
    await t.settle('only three')
    await t.succeed(3)
    await t.awaitCondition('Complete')
    await t.settle('complete')
  },
  'work-queue-one-success-stops-new-pods': async (t) => {
    await t.createJob({ parallelism: 3 })
    await t.activePods(3)
    await t.succeed(1)
    await t.settle('one succeeded, no replacement')
    await t.succeed(2)
    await t.awaitCondition('Complete')
    await t.settle('complete')
  },
  'parallelism-zero-then-scaled': async (t) => {
    await t.createJob({ parallelism: 0, completions: 2 })
    await t.settle('nothing runs')
    await t.patchJob({ spec: { parallelism: 2 } })
    await t.activePods(2)
    await t.settle('two run')
    await t.patchJob({ spec: { parallelism: 1 } })
    await t.settle('one deleted')
    await t.succeed(1)
    await t.activePods(1)
    await t.succeed(1)
    await t.awaitCondition('Complete')
    await t.settle('complete')
  },
  'running-pod-deleted-by-user-is-replaced': async (t) => {
    await t.createJob({ completions: 1 })
    const [pod] = await t.activePods(1)
    await t.start(pod)
    await t.deletePod(pod)
    await t.activePods(1, { seconds: 40, where: (p) => p.metadata.name !== pod.metadata.name })
    await t.settle('replaced')
    await t.succeed(1)
    await t.awaitCondition('Complete')
    await t.settle('complete')
  },
}
