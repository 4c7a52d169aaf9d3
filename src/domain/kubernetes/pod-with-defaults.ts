import { canonicalForm } from './canonical-form.ts'
import { podSpecWithDefaults } from './pod-template-defaults.ts'
import { qosClass } from './qos-class.ts'
import type { Shape } from './schema.ts'
import { userMetadata } from './with-defaults.ts'

/**
 * A new Pod as the API server would store it [D-10]: what only a server may set left out, the defaults of a template and those
 * that only Pods get filled in, its status that of a Pod which nobody has seen. Takes a value whose shape was checked.
 */
export const podWithDefaults = (given: Shape<'Pod'>): Shape<'Pod'> => {
  const { metadata, spec = {} } = canonicalForm('Pod')(given) as Shape<'Pod'>
  const completed = newPodSpec(podSpecWithDefaults(spec))
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: userMetadata(metadata ?? {}),
    spec: completed,
    status: { phase: 'Pending', ...gated(completed), qosClass: qosClass(completed) },
  }
}

/** A Pod with the defaults of its kind alone: what an API server adds for other reasons is not in it. */
export const podAsRead = (given: Shape<'Pod'>): Shape<'Pod'> => {
  const { metadata, spec = {} } = canonicalForm('Pod')(given) as Shape<'Pod'>
  return {
    metadata: userMetadata(metadata ?? {}),
    spec: { enableServiceLinks: true, ...podSpecWithDefaults(spec) },
  }
}

/** What a Pod's spec gets beyond the defaults of a template, whoever creates it [D-10]. */
export const newPodSpec = (spec: Shape<'PodSpec'>): Shape<'PodSpec'> => ({
  enableServiceLinks: true,
  priority: 0,
  preemptionPolicy: 'PreemptLowerPriority',
  ...spec,
  tolerations: [...(spec.tolerations ?? []), ...missingTolerations(spec.tolerations ?? [])],
  containers: (spec.containers ?? []).map((container) => newContainer(container, spec)),
  ...(spec.initContainers === undefined
    ? {}
    : { initContainers: spec.initContainers.map((container) => newContainer(container, spec)) }),
})

/** What is limited is also requested; on the network of the node every port is one of the node. */
const newContainer = (container: Shape<'Container'>, { hostNetwork }: Shape<'PodSpec'>): Shape<'Container'> => {
  const { resources, ports } = container
  return {
    ...container,
    ...(resources?.limits === undefined
      ? {}
      : { resources: { ...resources, requests: { ...resources.limits, ...resources.requests } } }),
    ...(ports === undefined || hostNetwork !== true
      ? {}
      : {
          ports: ports.map(({ containerPort, ...port }) =>
            containerPort === undefined ? port : { hostPort: containerPort, ...port, containerPort },
          ),
        }),
  }
}

/** A Pod bears a lost node for five minutes, unless it says itself how long. */
const missingTolerations = (given: ReadonlyArray<Shape<'Toleration'>>): ReadonlyArray<Shape<'Toleration'>> =>
  ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
    .filter(
      (taint) =>
        !given.some(({ key = '', effect = 'NoExecute' }) => (key === '' || key === taint) && effect === 'NoExecute'),
    )
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }))

const gated = ({ schedulingGates = [] }: Shape<'PodSpec'>): Shape<'PodStatus'> =>
  schedulingGates.length === 0
    ? {}
    : {
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'SchedulingGated',
            message: 'Scheduling is blocked due to non-empty scheduling gates',
          },
        ],
      }
