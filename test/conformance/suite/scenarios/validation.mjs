// What the API refuses, and how it says so.
export default {
  'refused-at-creation': async (t) => {
    await t.tryCreate('restartPolicy Always', { podSpec: { restartPolicy: 'Always' } })
    await t.tryCreate('no restartPolicy', { podSpec: { restartPolicy: undefined } })
    await t.tryCreate('negative numbers', {
      parallelism: -1,
      completions: -1,
      backoffLimit: -1,
      activeDeadlineSeconds: -1,
      ttlSecondsAfterFinished: -1,
    })
    await t.tryCreate('no containers', { podSpec: { containers: [] } })
    await t.tryCreate('indexed without completions', { completionMode: 'Indexed' })
    await t.tryCreate('unknown completion mode', { completionMode: 'Sometimes' })
    await t.tryCreate('backoffLimitPerIndex on a non-indexed job', { backoffLimitPerIndex: 1 })
    await t.tryCreate('maxFailedIndexes above completions', {
      completionMode: 'Indexed',
      completions: 2,
      backoffLimitPerIndex: 1,
      maxFailedIndexes: 3,
    })
    await t.tryCreate('selector without manualSelector', { selector: { matchLabels: { a: 'b' } } })
    await t.tryCreate('bad job name', {}, { name: 'Not_A_Name' })
    await t.tryCreate('failure policy with OnFailure', {
      podSpec: { restartPolicy: 'OnFailure' },
      podFailurePolicy: { rules: [] },
    })
    await t.tryCreate('managedBy without a domain', { managedBy: 'me' })
    await t.tryCreate('success policy without rules', {
      completionMode: 'Indexed',
      completions: 2,
      successPolicy: { rules: [] },
    })
  },
  'immutable-fields': async (t) => {
    await t.createJob({ completions: 2, suspend: true })
    await t.tryPatch('completions', { spec: { completions: 3 } })
    await t.tryPatch('completionMode', { spec: { completionMode: 'Indexed' } })
    await t.tryPatch('template image', {
      spec: { template: { spec: { containers: [{ name: 'main', image: 'other', command: ['true'] }] } } },
    })
    await t.tryPatch('backoffLimitPerIndex', { spec: { backoffLimitPerIndex: 2 } })
    await t.tryPatch('managedBy', { spec: { managedBy: 'example.com/x' } })
    await t.tryPatch('parallelism is mutable', { spec: { parallelism: 3 } })
    await t.tryPatch('ttl is mutable', { spec: { ttlSecondsAfterFinished: 100 } })
    await t.tryPatch('backoffLimit is mutable', { spec: { backoffLimit: 2 } })
  },
  'missing-and-duplicate': async (t) => {
    await t.observeAnswer('get a missing job', 'GET', '/apis/batch/v1/namespaces/$NS/jobs/nope')
    await t.observeAnswer('delete a missing job', 'DELETE', '/apis/batch/v1/namespaces/$NS/jobs/nope')
    await t.createJob({ suspend: true })
    await t.tryCreate('same name again', { suspend: true })
    await t.observeAnswer('malformed body', 'POST', '/apis/batch/v1/namespaces/$NS/jobs', 'not an object')
    await t.observeAnswer('wrong kind', 'POST', '/apis/batch/v1/namespaces/$NS/jobs', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x' },
    })
    await t.observeAnswer('stale update', 'PUT', '/apis/batch/v1/namespaces/$NS/jobs/job', {
      ...t.manifest({ suspend: true }),
      metadata: { name: 'job', resourceVersion: '1' },
    })
    await t.observeAnswer(
      'patch with an unknown content type',
      'PATCH',
      '/apis/batch/v1/namespaces/$NS/jobs/job',
      {},
      'text/plain',
    )
  },
}
