import type { ApiObject } from '../../../application/api/resource.ts'
import { age } from '../../../projections/tables/human-duration.ts'
import { field, listField, textField } from '../../../projections/tables/loose-fields.ts'
import { type Cell, column, type Columns, named, wide } from './column.ts'

const aged = (object: ApiObject, now: number): string => age(object.metadata.creationTimestamp, now)

/** A table of name, some more, and age. */
const simple = (
  more: ReadonlyArray<string>,
  cells: (object: ApiObject, now: number) => ReadonlyArray<Cell>,
): Columns => ({
  columns: [named, ...more.map((name) => column(name)), column('Age')],
  cells: (object, now) => [object.metadata.name, ...cells(object, now), aged(object, now)],
})

const sizeOf = (object: object, at: string): number => Object.keys(field(object, at) ?? {}).length

const none = (text: string): string => text || '<none>'

/** How objects that are only kept are shown as rows. */
export const storedColumns = {
  configmaps: simple(['Data'], (map) => [sizeOf(map, 'data') + sizeOf(map, 'binaryData')]),
  leases: simple(['Holder'], (lease) => [textField(lease, 'spec', 'holderIdentity')]),
  secrets: simple(['Type', 'Data'], (secret) => [textField(secret, 'type'), sizeOf(secret, 'data')]),
  serviceaccounts: simple(['Secrets'], (account) => [listField(account, 'secrets').length]),
  nodes: {
    columns: [
      named,
      ...['Status', 'Roles', 'Age', 'Version'].map((name) => column(name)),
      ...['Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version', 'Container-Runtime'].map(wide),
    ],
    cells: (node, now) => {
      const info = (name: string): string => textField(node, 'status', 'nodeInfo', name)
      return [
        node.metadata.name,
        nodeStatus(node),
        none(rolesOf(node).join(',')),
        aged(node, now),
        info('kubeletVersion'),
        none(addressOf(node, 'InternalIP')),
        none(addressOf(node, 'ExternalIP')),
        ...['osImage', 'kernelVersion', 'containerRuntimeVersion'].map((name) => info(name) || '<unknown>'),
      ]
    },
  },
  services: {
    columns: [
      named,
      ...['Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age'].map((name) => column(name)),
      wide('Selector'),
    ],
    cells: (service, now) => [
      service.metadata.name,
      textField(service, 'spec', 'type'),
      none(textField(service, 'spec', 'clusterIP')),
      externalAddress(service),
      none(listField(service, 'spec', 'ports').map(portText).join(',')),
      aged(service, now),
      none(
        Object.entries(field(service, 'spec', 'selector') ?? {})
          .map(([key, value]) => `${key}=${String(value)}`)
          .toSorted()
          .join(','),
      ),
    ],
  },
} satisfies Readonly<Record<string, Columns>>

const nodeStatus = (node: ApiObject): string => {
  const ready = listField(node, 'status', 'conditions').find((one) => textField(one, 'type') === 'Ready')
  const state = ready === undefined ? 'Unknown' : textField(ready, 'status') === 'True' ? 'Ready' : 'NotReady'
  return field(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state
}

const rolePrefix = 'node-role.kubernetes.io/'

const rolesOf = ({ metadata: { labels = {} } }: ApiObject): ReadonlyArray<string> => [
  ...new Set(
    Object.entries(labels)
      .flatMap(([key, value]) =>
        key.startsWith(rolePrefix) ? [key.slice(rolePrefix.length)] : key === 'kubernetes.io/role' ? [value] : [],
      )
      .filter(Boolean)
      .toSorted(),
  ),
]

const addressOf = (node: ApiObject, type: string): string =>
  textField(
    listField(node, 'status', 'addresses').find((one) => textField(one, 'type') === type),
    'address',
  )

const externalAddress = (service: ApiObject): string => {
  const given = listField(service, 'spec', 'externalIPs').join(',')
  switch (textField(service, 'spec', 'type')) {
    case 'ExternalName':
      return textField(service, 'spec', 'externalName')
    case 'LoadBalancer':
      return given || '<pending>'
    default:
      return none(given)
  }
}

const portText = (port: unknown): string => {
  const outer = textField(port, 'nodePort')
  return `${textField(port, 'port')}${outer === '' || outer === '0' ? '' : `:${outer}`}/${textField(port, 'protocol')}`
}
