import * as t from 'io-ts'
import { int } from '../codecs.ts'

/**
 * The parts of a Pod's spec that jobledger reads, as Kubernetes writes them after defaulting. Fields it only carries along
 * stay in the object untouched: these codecs describe, they do not strip.
 */
const StringMap = t.record(t.string, t.string, 'StringMap')

export const EnvVar = t.intersection(
  [
    t.type({ name: t.string }),
    t.partial({
      value: t.string,
      valueFrom: t.partial({
        fieldRef: t.intersection([t.type({ fieldPath: t.string }), t.partial({ apiVersion: t.string })]),
        resourceFieldRef: t.intersection([
          t.type({ resource: t.string }),
          t.partial({ containerName: t.string, divisor: t.string }),
        ]),
        configMapKeyRef: t.intersection([
          t.type({ key: t.string }),
          t.partial({ name: t.string, optional: t.boolean }),
        ]),
        secretKeyRef: t.intersection([t.type({ key: t.string }), t.partial({ name: t.string, optional: t.boolean })]),
      }),
    }),
  ],
  'EnvVar',
)
export type EnvVar = t.TypeOf<typeof EnvVar>

export const EnvFromSource = t.partial(
  {
    prefix: t.string,
    configMapRef: t.partial({ name: t.string, optional: t.boolean }),
    secretRef: t.partial({ name: t.string, optional: t.boolean }),
  },
  'EnvFromSource',
)

export const VolumeMount = t.intersection(
  [
    t.type({ name: t.string, mountPath: t.string }),
    t.partial({ readOnly: t.boolean, subPath: t.string, subPathExpr: t.string }),
  ],
  'VolumeMount',
)
export type VolumeMount = t.TypeOf<typeof VolumeMount>

export const ResourceRequirements = t.partial({ limits: StringMap, requests: StringMap }, 'ResourceRequirements')

export const ContainerPort = t.intersection(
  [t.type({ containerPort: int }), t.partial({ name: t.string, protocol: t.string, hostPort: int, hostIP: t.string })],
  'ContainerPort',
)

export const Container = t.intersection(
  [
    t.type({ name: t.string }),
    t.partial({
      image: t.string,
      imagePullPolicy: t.string,
      command: t.readonlyArray(t.string),
      args: t.readonlyArray(t.string),
      workingDir: t.string,
      env: t.readonlyArray(EnvVar),
      envFrom: t.readonlyArray(EnvFromSource),
      ports: t.readonlyArray(ContainerPort),
      resources: ResourceRequirements,
      volumeMounts: t.readonlyArray(VolumeMount),
      terminationMessagePath: t.string,
      terminationMessagePolicy: t.string,
      restartPolicy: t.string,
    }),
  ],
  'Container',
)
export type Container = t.TypeOf<typeof Container>

export const KeyToPath = t.intersection(
  [t.type({ key: t.string, path: t.string }), t.partial({ mode: int })],
  'KeyToPath',
)
export type KeyToPath = t.TypeOf<typeof KeyToPath>

const keys = { items: t.readonlyArray(KeyToPath), optional: t.boolean }
const fields = {
  items: t.readonlyArray(
    t.intersection([t.type({ path: t.string }), t.partial({ mode: int, fieldRef: t.type({ fieldPath: t.string }) })]),
  ),
}

export const Volume = t.intersection(
  [
    t.type({ name: t.string }),
    t.partial({
      emptyDir: t.partial({ medium: t.string, sizeLimit: t.string }),
      hostPath: t.intersection([t.type({ path: t.string }), t.partial({ type: t.string })]),
      configMap: t.partial({ name: t.string, defaultMode: int, ...keys }),
      secret: t.partial({ secretName: t.string, defaultMode: int, ...keys }),
      downwardAPI: t.partial({ defaultMode: int, ...fields }),
      projected: t.partial({
        defaultMode: int,
        sources: t.readonlyArray(
          t.partial({
            configMap: t.partial({ name: t.string, ...keys }),
            secret: t.partial({ name: t.string, ...keys }),
            downwardAPI: t.partial(fields),
          }),
        ),
      }),
    }),
  ],
  'Volume',
)
export type Volume = t.TypeOf<typeof Volume>

export const PodSpec = t.intersection(
  [
    t.type({ containers: t.readonlyArray(Container) }),
    t.partial({
      initContainers: t.readonlyArray(Container),
      volumes: t.readonlyArray(Volume),
      restartPolicy: t.string,
      terminationGracePeriodSeconds: int,
      activeDeadlineSeconds: int,
      hostname: t.string,
      subdomain: t.string,
      nodeName: t.string,
      nodeSelector: StringMap,
      serviceAccountName: t.string,
      schedulingGates: t.readonlyArray(t.type({ name: t.string })),
    }),
  ],
  'PodSpec',
)
export type PodSpec = t.TypeOf<typeof PodSpec>

export const PodTemplate = t.intersection(
  [
    t.type({ spec: PodSpec }),
    t.partial({
      metadata: t.partial({ labels: StringMap, annotations: StringMap, finalizers: t.readonlyArray(t.string) }),
    }),
  ],
  'PodTemplate',
)
export type PodTemplate = t.TypeOf<typeof PodTemplate>
