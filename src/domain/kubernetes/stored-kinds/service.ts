import { type FieldErrors, invalidFor, notSupported, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { dnsLabel, portNumber } from '../validation/names.ts'
import type { StoredKind } from './stored-kind.ts'

/** A name for Pods. Nothing here routes to them: clients only find what they look for. */
export const service: StoredKind = {
  resource: 'services',
  apiVersion: 'v1',
  kind: 'Service',
  hasStatus: true,
  needsVersion: true,
  nameErrors: dnsLabel,
  withDefaults: (form) => ({
    ...form,
    spec: specWithDefaults((form['spec'] ?? {}) as Shape<'ServiceSpec'>),
    status: form['status'] ?? { loadBalancer: {} },
  }),
  validate: (object) => {
    const spec = (object['spec'] ?? {}) as Shape<'ServiceSpec'>
    const { type = '', ports = [], clusterIP } = spec
    return [
      ...when(!types.includes(type), notSupported('spec.type', type, types)),
      ...when(ports.length === 0 && type !== 'ExternalName' && clusterIP !== 'None', required('spec.ports')),
      ...when(type === 'ExternalName' && !spec.externalName, required('spec.externalName')),
      ...ports.flatMap((port, index) => portErrors(port, `spec.ports[${index}]`, ports.length > 1)),
    ]
  },
}

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']

const specWithDefaults = (spec: Shape<'ServiceSpec'>): Shape<'ServiceSpec'> => {
  const { type = 'ClusterIP' } = spec
  const ports = spec.ports?.map((port) => ({ protocol: 'TCP', ...targetOf(port), ...port }))
  const addressed =
    type === 'ExternalName'
      ? {}
      : {
          ...(spec.clusterIP === undefined ? {} : { clusterIPs: [spec.clusterIP] }),
          ...{ internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
        }
  return { ...addressed, sessionAffinity: 'None', type, ...spec, ...(ports === undefined ? {} : { ports }) }
}

const targetOf = ({ port }: Shape<'ServicePort'>) => (port === undefined ? {} : { targetPort: port })

const portErrors = (port: Shape<'ServicePort'>, at: string, needsName: boolean): FieldErrors => [
  ...when(needsName && !port.name, required(`${at}.name`)),
  ...when(port.name !== undefined, ...invalidFor(`${at}.name`, port.name, dnsLabel(port.name ?? ''))),
  ...invalidFor(`${at}.port`, port.port ?? 0, portNumber(port.port ?? 0)),
  ...when(!protocols.includes(port.protocol ?? ''), notSupported(`${at}.protocol`, port.protocol ?? '', protocols)),
]

const protocols = ['SCTP', 'TCP', 'UDP']
