import { expect, test } from 'vitest'
import { prepareJob } from '../../../src/domain/kubernetes/prepare-job.ts'
import { jobOf } from './refusals-of.ts'

const four = {
  'batch.kubernetes.io/controller-uid': 'u',
  'batch.kubernetes.io/job-name': 'job',
  'controller-uid': 'u',
  'job-name': 'job',
}

test('[L-1] template and selector get the labels of the uid', () => {
  const { metadata, spec } = prepareJob(jobOf({ template: { labels: { app: 'x' } } }), 'u')
  expect(metadata?.uid).toBe('u')
  expect(spec?.template?.metadata?.labels).toEqual({ app: 'x', ...four })
  expect(spec?.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } })
})

test('[L-1] a label that is there already is kept', () => {
  const { spec } = prepareJob(jobOf({ template: { labels: { 'job-name': 'mine' } } }), 'u')
  expect(spec?.template?.metadata?.labels).toEqual({ ...four, 'job-name': 'mine' })
})

test('[L-1] a selector given is completed', () => {
  const { spec } = prepareJob(jobOf({ spec: { selector: { matchLabels: { a: 'b' } } } }), 'u')
  expect(spec?.selector?.matchLabels).toEqual({ a: 'b', 'batch.kubernetes.io/controller-uid': 'u' })
})

test('[D-4] a Job without labels takes those of its template', () => {
  expect(prepareJob(jobOf(), 'u').metadata?.labels).toEqual(four)
  expect(prepareJob(jobOf({ metadata: { labels: {} } }), 'u').metadata?.labels).toEqual(four)
})

test('[D-4] a Job with a label of its own keeps exactly that', () =>
  expect(prepareJob(jobOf({ metadata: { labels: { a: 'b' } } }), 'u').metadata?.labels).toEqual({ a: 'b' }))

test('[L-3] with manualSelector nothing is added but the uid', () => {
  const given = jobOf({ spec: { manualSelector: true, selector: { matchLabels: { a: 'b' } } } })
  expect(prepareJob(given, 'u')).toEqual({ ...given, metadata: { ...given.metadata, uid: 'u' } })
})
