import type { Container } from '../../../domain/kubernetes/pod-spec.ts'
import type { Lines } from './describe-metadata.ts'
import { field, listField, textField } from '../../../projections/tables/loose-fields.ts'

/** The probes of a container, one line for each it has. */
export const probeLines = (container: Container): Lines =>
  [
    ['Liveness', field(container, 'livenessProbe')],
    ['Readiness', field(container, 'readinessProbe')],
    ['Startup', field(container, 'startupProbe')],
  ].flatMap(([heading, probe]) => (probe ? [`${heading}:\t${action(probe)} ${timing(probe)}`] : []))

const action = (probe: unknown): string => {
  if (field(probe, 'exec')) return `exec [${listField(probe, 'exec', 'command').join(' ')}]`
  if (field(probe, 'httpGet')) return `http-get ${url(field(probe, 'httpGet'))}`
  if (field(probe, 'tcpSocket'))
    return `tcp-socket ${textField(probe, 'tcpSocket', 'host')}:${textField(probe, 'tcpSocket', 'port')}`
  if (field(probe, 'grpc'))
    return `grpc <pod>:${textField(probe, 'grpc', 'port')} ${textField(probe, 'grpc', 'service')}`
  return 'unknown'
}

const url = (httpGet: unknown): string => {
  const host = textField(httpGet, 'host')
  const bracketed = host.includes(':') ? `[${host}]` : host
  const path = textField(httpGet, 'path')
  const slash = path === '' || path.startsWith('/') ? '' : '/'
  const scheme = textField(httpGet, 'scheme').toLowerCase() || 'http'
  return `${scheme}://${bracketed}:${textField(httpGet, 'port')}${slash}${encodeURI(path).replaceAll('?', '%3F')}`
}

const timing = (probe: unknown): string => {
  const number = (key: string) => textField(probe, key) || '0'
  const seconds = `delay=${number('initialDelaySeconds')}s timeout=${number('timeoutSeconds')}s period=${number('periodSeconds')}s`
  return `${seconds} #success=${number('successThreshold')} #failure=${number('failureThreshold')}`
}
