import type { JobManifest } from '../../src/domain/kubernetes/job-object.ts'

/** A minimal Job with the defaults of Kubernetes; a test names only what it is about. */
export const manifest = (
  over: Partial<JobManifest['spec']> = {},
  name = 'pi',
  command: ReadonlyArray<string> = ['true'],
): JobManifest => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'default' },
  spec: {
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
    template: { spec: { containers: [{ name: 'main', image: 'busybox', command }], restartPolicy: 'Never' } },
    ...over,
  },
})
