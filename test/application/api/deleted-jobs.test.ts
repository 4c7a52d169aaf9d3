import { expect, test } from 'vitest'
import { cluster, onNode } from '../../rules/cluster.ts'

test.each([
  ['Foreground', 'foregroundDeletion'],
  ['Orphan', 'orphan'],
])(
  '[8.2] a Job deleted as %s shows its own finalizers and, behind them, %s until no Pod is left',
  async (how, ours) => {
    const it = await cluster()
    await it.createJob({ pod: onNode }, 'job', { finalizers: ['example.com/keep'] })
    expect(await it.deleteJob(how)).toMatchObject({ metadata: { finalizers: ['example.com/keep', ours] } })
    await it.pass(2)
    await it.confirmDeletions()
    expect((await it.job()).metadata.finalizers).toEqual(['example.com/keep'])
    await it.patch({ metadata: { finalizers: null } })
    expect(await it.exists()).toBe(false)
  },
)

test('[8.2] a label that is changed while a Job waits for its Pods does not keep it', async () => {
  const it = await cluster()
  await it.createJob({ pod: onNode })
  await it.run(1)
  await it.deleteJob('Foreground')
  await it.patch({ metadata: { labels: { a: 'b' } } })
  expect((await it.job()).metadata.finalizers).toEqual(['foregroundDeletion'])
  await it.confirmDeletions()
  expect(await it.exists()).toBe(false)
})
