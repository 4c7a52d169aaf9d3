import { duplicate, type FieldErrors, invalid, invalidFor, notSupported, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { portName, portNumber } from './names.ts'

type Ports = ReadonlyArray<Shape<'ContainerPort'>>

/** The ports of one container. */
export const ports = (at: string, given: Ports, hostNetwork: boolean): FieldErrors => {
  const seen = new Set<string>()
  return given.flatMap((port, index) => {
    const isRepeated = !!port.name && seen.has(port.name)
    seen.add(port.name ?? '')
    return [
      ...onePort(`${at}[${index}]`, port, hostNetwork),
      ...when(isRepeated, duplicate(`${at}[${index}].name`, port.name)),
    ]
  })
}

/** Two ports of a Pod cannot both have the same port of the host. */
export const hostPortConflicts = (at: string, containers: ReadonlyArray<Shape<'Container'>>): FieldErrors => {
  const taken = new Set<string>()
  return containers.flatMap((container, index) =>
    (container.ports ?? []).flatMap(({ hostPort, protocol = '', hostIP = '' }, portIndex) => {
      if (!hostPort) return []
      const key = `${protocol}/${hostIP}/${hostPort}`
      const isTaken = taken.has(key)
      taken.add(key)
      return when(isTaken, duplicate(`${at}[${index}].ports[${portIndex}].hostPort`, key))
    }),
  )
}

const onePort = (at: string, port: Shape<'ContainerPort'>, hostNetwork: boolean): FieldErrors => {
  const { name, containerPort = 0, hostPort = 0, protocol = '' } = port
  return [
    ...when(!!name, ...invalidFor(`${at}.name`, name, portName(name ?? ''))),
    ...(containerPort === 0
      ? [required(`${at}.containerPort`)]
      : invalidFor(`${at}.containerPort`, containerPort, portNumber(containerPort))),
    ...when(hostPort !== 0, ...invalidFor(`${at}.hostPort`, hostPort, portNumber(hostPort))),
    ...when(
      hostNetwork && hostPort !== 0 && hostPort !== containerPort,
      invalid(`${at}.hostPort`, hostPort, 'must match `containerPort` when `hostNetwork` is true'),
    ),
    ...when(!protocols.includes(protocol), notSupported(`${at}.protocol`, protocol, protocols)),
  ]
}

const protocols = ['SCTP', 'TCP', 'UDP']
