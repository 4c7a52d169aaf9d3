import type { Container } from '../../../domain/kubernetes/pod-spec.ts'
import type { ContainerState, ContainerStatus, PodObject } from '../../../domain/kubernetes/pod-object.ts'
import { environmentLines } from './describe-environment.ts'
import { indented, type Lines, sortedEntries } from './describe-metadata.ts'
import { probeLines } from './describe-probe.ts'
import { listField, textField } from '../../../projections/tables/loose-fields.ts'
import { rfc1123z } from './rfc1123z.ts'
import { byCodePoint } from '../../../projections/tables/selector-text.ts'

type LivePod = { readonly pod: PodObject; readonly statuses: ReadonlyArray<ContainerStatus>; readonly timeZone: string }

/**
 * Containers under their heading: those of a Pod with the state each is in, those of a template (null) two spaces further in.
 * What is told about a container stands at the same margin in both.
 */
export const containerBlock = (heading: string, containers: ReadonlyArray<Container>, live: LivePod | null): Lines => {
  const title = `${live ? '' : '  '}${heading}:`
  return [
    containers.length === 0 ? `${title} <none>` : title,
    ...containers.flatMap((container) => [
      `${live ? '  ' : '   '}${container.name}:`,
      ...indented(2, containerLines(container, live)),
    ]),
  ]
}

const containerLines = (container: Container, live: LivePod | null): Lines => {
  const status = live?.statuses.find(({ name }) => name === container.name)
  return [
    ...(status ? [`Container ID:\t${status.containerID ?? ''}`] : []),
    `Image:\t${container.image ?? ''}`,
    ...(status ? [`Image ID:\t${status.imageID ?? ''}`] : []),
    ...portLines(container),
    ...seccompLines(container),
    ...blockLines('Command', container.command),
    ...blockLines('Args', container.args),
    ...(live && status ? stateLines(status, live.timeZone) : []),
    ...quantityLines('Limits', container.resources?.limits),
    ...quantityLines('Requests', container.resources?.requests),
    ...probeLines(container),
    ...environmentLines(container, live?.pod ?? null),
    ...mountLines(container),
  ]
}

const portLines = ({ ports = [] }: Container): Lines => {
  const named = ports.map((port) => `${portText(port.containerPort, port)}${port.name ? ` (${port.name})` : ''}`)
  const host = ports.map((port) => portText(port.hostPort ?? 0, port))
  const line = (heading: string, texts: Lines) =>
    `${heading}${texts.length > 1 ? 's' : ''}:\t${texts.join(', ') || '<none>'}`
  return [line('Port', named), line('Host Port', host)]
}

const portText = (number: number, { protocol }: { readonly protocol?: string }): string =>
  `${number}/${protocol ?? 'TCP'}`

/** The seccomp profile of a Pod or a container, if it names one. */
export const seccompLines = (owner: unknown): Lines => {
  const type = textField(owner, 'securityContext', 'seccompProfile', 'type')
  if (type === '') return []
  const file = textField(owner, 'securityContext', 'seccompProfile', 'localhostProfile')
  return [`SeccompProfile:\t${type}`, ...(type === 'Localhost' ? [`LocalhostProfile:\t${file}`] : [])]
}

const blockLines = (heading: string, items: Lines = []): Lines =>
  items.length === 0
    ? []
    : [
        `${heading}:`,
        ...indented(
          1,
          items.flatMap((item) => item.split('\n')),
        ),
      ]

const quantityLines = (heading: string, quantities: Readonly<Record<string, string>> = {}): Lines =>
  blockLines(
    heading,
    sortedEntries(quantities).map(([name, quantity]) => `${name}:\t${quantity}`),
  )

const stateLines = (status: ContainerStatus, timeZone: string): Lines => [
  ...oneStateLines('State', status.state, timeZone),
  ...(status.lastState?.terminated ? oneStateLines('Last State', status.lastState, timeZone) : []),
  `Ready:\t${status.ready ? 'True' : 'False'}`,
  `Restart Count:\t${status.restartCount}`,
]

const oneStateLines = (heading: string, state: ContainerState, timeZone: string): Lines => {
  const { running, waiting, terminated } = state
  const started = (at: string | undefined) => `  Started:\t${dateText(at, timeZone)}`
  if (running) return [`${heading}:\tRunning`, started(running.startedAt)]
  if (!terminated) return [`${heading}:\tWaiting`, ...(waiting?.reason ? [`  Reason:\t${waiting.reason}`] : [])]
  return [
    `${heading}:\tTerminated`,
    ...(terminated.reason ? [`  Reason:\t${terminated.reason}`] : []),
    ...(terminated.message ? [`  Message:\t${terminated.message}`] : []),
    `  Exit Code:\t${terminated.exitCode}`,
    ...(terminated.signal ? [`  Signal:\t${terminated.signal}`] : []),
    started(terminated.startedAt),
    `  Finished:\t${dateText(terminated.finishedAt, timeZone)}`,
  ]
}

/** A missing time is Go's zero time, as kubectl shows it. */
const dateText = (timestamp: string | undefined, timeZone: string): string =>
  timestamp ? rfc1123z(timestamp, timeZone) : 'Mon, 01 Jan 0001 00:00:00 +0000'

const mountLines = (container: Container): Lines => {
  const mounts = [...(container.volumeMounts ?? [])].toSorted((a, b) => byCodePoint(a.mountPath, b.mountPath))
  const devices = [...listField(container, 'volumeDevices')].map((device) => ({
    path: textField(device, 'devicePath'),
    name: textField(device, 'name'),
  }))
  const mounted = mounts.map(({ mountPath, name, readOnly, subPath }) => {
    const flags = [readOnly ? 'ro' : 'rw', ...(subPath ? [`path=${JSON.stringify(subPath)}`] : [])]
    return `${mountPath} from ${name} (${flags.join(',')})`
  })
  return [
    ...(mounted.length === 0 ? ['Mounts:\t<none>'] : blockLines('Mounts', mounted)),
    ...blockLines(
      'Devices',
      devices.toSorted((a, b) => byCodePoint(a.path, b.path)).map(({ path, name }) => `${path} from ${name}`),
    ),
  ]
}
