import { NEVER } from 'rxjs'
import type { PodRuntime } from '../../../application/ports/pod-runtime.ts'

/** Runs nothing: clients run the Pods and report what becomes of them through the API, as in a control plane without kubelets. */
export const externalRuntime = (): PodRuntime => ({
  name: 'external',
  start: () => {},
  stop: () => {},
  confirm: () => {},
  observed$: NEVER,
  fence: () => Promise.resolve(),
  close: () => Promise.resolve(),
})
