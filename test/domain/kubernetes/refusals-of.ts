import { renderFieldError } from '../../../src/domain/kubernetes/field-error.ts'
import { prepareJob } from '../../../src/domain/kubernetes/prepare-job.ts'
import type { Shape } from '../../../src/domain/kubernetes/schema.ts'
import { validateJob } from '../../../src/domain/kubernetes/validate-job.ts'
import { withDefaults } from '../../../src/domain/kubernetes/with-defaults.ts'

export type Overrides = {
  readonly metadata?: Shape<'ObjectMeta'>
  readonly spec?: Shape<'JobSpec'>
  readonly template?: Shape<'ObjectMeta'>
  readonly pod?: Shape<'PodSpec'>
  readonly container?: Shape<'Container'>
}

/** A valid Job, changed in what a test is about. */
export const jobOf = ({ metadata, spec, template, pod, container }: Overrides = {}): Shape<'Job'> => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'job', namespace: 'default', ...metadata },
  spec: {
    ...spec,
    template: {
      ...(template === undefined ? {} : { metadata: template }),
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'main', image: 'busybox', ...container }],
        ...pod,
      },
    },
  },
})

/** What the API says against such a Job, one sentence each. */
export const refusalsOf = (over: Overrides): ReadonlyArray<string> =>
  validateJob(prepareJob(withDefaults(jobOf(over)), 'uid-1')).map(renderFieldError)

export const container = (more: Shape<'Container'> = {}): Shape<'Container'> => ({
  name: 'main',
  image: 'busybox',
  ...more,
})

/** The same sentences with the path of the Pod's spec and of its first container shortened to `pod` and `c`. */
export const shortRefusalsOf = (over: Overrides): ReadonlyArray<string> =>
  refusalsOf(over).map((text) =>
    text.replace('spec.template.spec.containers[0]', 'c').replace('spec.template.spec', 'pod'),
  )
