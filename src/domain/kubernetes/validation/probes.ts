import { type FieldErrors, forbidden, invalid, invalidFor, notSupported, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { nonNegative, portName, portNumber } from './names.ts'

/** The three probes of a container. */
export const probes = (at: string, one: Shape<'Container'>): FieldErrors => [
  ...probe(`${at}.livenessProbe`, one.livenessProbe),
  ...probe(`${at}.readinessProbe`, one.readinessProbe),
  ...probe(`${at}.startupProbe`, one.startupProbe),
  ...succeedsAtOnce(`${at}.livenessProbe`, one.livenessProbe),
  ...succeedsAtOnce(`${at}.startupProbe`, one.startupProbe),
  ...when(
    one.readinessProbe?.terminationGracePeriodSeconds !== undefined,
    invalid(
      `${at}.readinessProbe.terminationGracePeriodSeconds`,
      one.readinessProbe?.terminationGracePeriodSeconds,
      'must not be set for readinessProbes',
    ),
  ),
]

/** What is run after the start of a container and before its end. */
export const lifecycle = (at: string, hooks: Shape<'Lifecycle'>, gracePeriodSeconds: number): FieldErrors =>
  (['postStart', 'preStop'] as const).flatMap((name) => {
    const hook = hooks[name]
    return hook === undefined ? [] : handler(`${at}.${name}`, hook, gracePeriodSeconds)
  })

const probe = (at: string, given: Shape<'Probe'> | undefined): FieldErrors => {
  if (given === undefined) return []
  const { exec, httpGet, tcpSocket, grpc, terminationGracePeriodSeconds: grace } = given
  return [
    ...handler(at, { exec, httpGet, tcpSocket, grpc }, 0),
    ...probeNumbers.flatMap((field) => invalidFor(`${at}.${field}`, given[field], nonNegative(given[field] ?? 0))),
    ...when(
      grace !== undefined && grace <= 0,
      invalid(`${at}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'),
    ),
  ]
}

const probeNumbers = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const

const succeedsAtOnce = (at: string, given: Shape<'Probe'> | undefined): FieldErrors =>
  when(
    given?.successThreshold !== undefined && given.successThreshold !== 1,
    invalid(`${at}.successThreshold`, given?.successThreshold, 'must be 1'),
  )

type Handler = {
  readonly exec?: Shape<'ExecAction'> | undefined
  readonly httpGet?: Shape<'HTTPGetAction'> | undefined
  readonly tcpSocket?: Shape<'TCPSocketAction'> | undefined
  readonly grpc?: Shape<'GRPCAction'> | undefined
  readonly sleep?: Shape<'SleepAction'> | undefined
}

/** Exactly one way of doing it; each one after the first is forbidden and not looked at. */
const handler = (at: string, { exec, httpGet, tcpSocket, grpc, sleep }: Handler, graceSeconds: number): FieldErrors => {
  const ways: ReadonlyArray<readonly [way: string, errors: FieldErrors | undefined]> = [
    ['exec', exec && when((exec.command ?? []).length === 0, required(`${at}.exec.command`))],
    ['httpGet', httpGet && httpRequest(`${at}.httpGet`, httpGet)],
    ['tcpSocket', tcpSocket && port(`${at}.tcpSocket.port`, tcpSocket.port ?? 0)],
    ['grpc', grpc && port(`${at}.grpc.port`, grpc.port ?? 0)],
    ['sleep', sleep && sleeping(`${at}.sleep`, sleep.seconds ?? 0, graceSeconds)],
  ]
  const given = ways.flatMap(([way, errors]) => (errors === undefined ? [] : [{ way, errors }]))
  if (given.length === 0) return [required(at, 'must specify a handler type')]
  return given.flatMap(({ way, errors }, index) =>
    index === 0 ? errors : [forbidden(`${at}.${way}`, 'may not specify more than 1 handler type')],
  )
}

const httpRequest = (at: string, get: Shape<'HTTPGetAction'>): FieldErrors => [
  ...when(!get.path, required(`${at}.path`)),
  ...port(`${at}.port`, get.port ?? 0),
  ...when(
    get.scheme !== 'HTTP' && get.scheme !== 'HTTPS',
    notSupported(`${at}.scheme`, get.scheme ?? '', ['HTTP', 'HTTPS']),
  ),
  ...(get.httpHeaders ?? []).flatMap(({ name = '' }) =>
    when(
      !/^[-A-Za-z0-9]+$/.test(name),
      invalid(
        `${at}.httpHeaders`,
        name,
        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
      ),
    ),
  ),
]

const port = (at: string, value: number | string): FieldErrors =>
  invalidFor(at, value, typeof value === 'number' ? portNumber(value) : portName(value))

const sleeping = (at: string, seconds: number, graceSeconds: number): FieldErrors =>
  when(
    seconds < 0 || seconds >= graceSeconds,
    invalid(at, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`),
  )
