import { imagePullPolicyOf } from './image-pull-policy.ts'
import type { Shape } from './schema.ts'
import { volumeWithDefaults } from './volume-defaults.ts'

/** The defaults that any Pod template gets [D-5, D-8, D-9]. Takes a template in canonical form. */
export const podTemplateWithDefaults = ({ metadata, spec }: Shape<'PodTemplateSpec'>): Shape<'PodTemplateSpec'> => ({
  metadata: metadata ?? {},
  spec: podSpecWithDefaults(spec ?? {}),
})

/** The same for the spec alone. */
export const podSpecWithDefaults = (spec: Shape<'PodSpec'>): Shape<'PodSpec'> => {
  const account = spec.serviceAccountName ?? spec.serviceAccount
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
    ...(account === undefined ? {} : { serviceAccountName: account, serviceAccount: account }),
    ...(spec.volumes === undefined ? {} : { volumes: spec.volumes.map(volumeWithDefaults) }),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(containerWithDefaults) }),
    containers: (spec.containers ?? []).map(containerWithDefaults),
  }
}

const containerWithDefaults = (container: Shape<'Container'>): Shape<'Container'> => ({
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: imagePullPolicyOf(container.image ?? ''),
  ...container,
  ...(container.ports === undefined ? {} : { ports: container.ports.map((port) => ({ protocol: 'TCP', ...port })) }),
  ...(container.env === undefined ? {} : { env: container.env.map(envVarWithDefaults) }),
  ...(container.livenessProbe === undefined ? {} : { livenessProbe: probeWithDefaults(container.livenessProbe) }),
  ...(container.readinessProbe === undefined ? {} : { readinessProbe: probeWithDefaults(container.readinessProbe) }),
  ...(container.startupProbe === undefined ? {} : { startupProbe: probeWithDefaults(container.startupProbe) }),
  ...(container.lifecycle === undefined ? {} : { lifecycle: lifecycleWithDefaults(container.lifecycle) }),
})

const envVarWithDefaults = (variable: Shape<'EnvVar'>): Shape<'EnvVar'> => {
  const { valueFrom } = variable
  if (valueFrom === undefined) return variable
  return {
    ...variable,
    valueFrom: {
      ...valueFrom,
      ...(valueFrom.fieldRef === undefined ? {} : { fieldRef: { apiVersion: 'v1', ...valueFrom.fieldRef } }),
      ...(valueFrom.resourceFieldRef === undefined
        ? {}
        : { resourceFieldRef: { divisor: '0', ...valueFrom.resourceFieldRef } }),
    },
  }
}

const probeWithDefaults = (probe: Shape<'Probe'>): Shape<'Probe'> => ({
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
  ...probe,
  ...(probe.httpGet === undefined ? {} : { httpGet: httpGetWithDefaults(probe.httpGet) }),
  ...(probe.grpc === undefined ? {} : { grpc: { service: '', ...probe.grpc } }),
})

const lifecycleWithDefaults = (lifecycle: Shape<'Lifecycle'>): Shape<'Lifecycle'> => ({
  ...lifecycle,
  ...(lifecycle.postStart === undefined ? {} : { postStart: handlerWithDefaults(lifecycle.postStart) }),
  ...(lifecycle.preStop === undefined ? {} : { preStop: handlerWithDefaults(lifecycle.preStop) }),
})

const handlerWithDefaults = (handler: Shape<'LifecycleHandler'>): Shape<'LifecycleHandler'> => ({
  ...handler,
  ...(handler.httpGet === undefined ? {} : { httpGet: httpGetWithDefaults(handler.httpGet) }),
})

const httpGetWithDefaults = (get: Shape<'HTTPGetAction'>): Shape<'HTTPGetAction'> => ({
  path: '/',
  scheme: 'HTTP',
  ...get,
})
