import { expect, test } from 'vitest'
import type { Shape } from '../../../../src/domain/kubernetes/schema.ts'
import { container, refusalsOf, shortRefusalsOf } from '../refusals-of.ts'

type Given = Shape<'Container'>

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

const cases: ReadonlyArray<[rule: string, given: Given, said: ReadonlyArray<string>]> = [
  ['[1.13] name empty', { name: '' }, ['c.name: Required value']],
  ['[N-7] name bad', { name: 'Not_A' }, [`c.name: Invalid value: "Not_A": ${label}`]],
  ['[1.13] image empty', { image: '' }, ['c.image: Required value']],
  ['[1.13] image of a blank', { image: ' ' }, []],
  [
    '[1.13] pull policy',
    { imagePullPolicy: 'Often' },
    ['c.imagePullPolicy: Unsupported value: "Often": supported values: "Always", "IfNotPresent", "Never"'],
  ],
  [
    '[1.13] message policy',
    { terminationMessagePolicy: 'Loud' },
    ['c.terminationMessagePolicy: Unsupported value: "Loud": supported values: "File", "FallbackToLogsOnError"'],
  ],
  [
    '[1.13] restartPolicy',
    { restartPolicy: 'Sometimes' },
    ['c.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"'],
  ],
  [
    '[1.13] rules without restartPolicy',
    { restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }] },
    ['c.restartPolicy: Required value: must specify restartPolicy when restart rules are used'],
  ],
  [
    '[1.13] rules',
    { restartPolicy: 'Never', restartPolicyRules: [{ action: 'Stop', exitCodes: { operator: 'Is' } }] },
    [
      'c.restartPolicyRules[0].action: Unsupported value: "Stop": supported values: "Restart", "RestartAllContainers"',
      'c.restartPolicyRules[0].exitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"',
    ],
  ],
  ['[1.13] port absent', { ports: [{}] }, ['c.ports[0].containerPort: Required value']],
  [
    '[N-8] port out of range',
    { ports: [{ containerPort: 70000, hostPort: -1 }] },
    [
      'c.ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'c.ports[0].hostPort: Invalid value: -1: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    '[1.13] protocol',
    { ports: [{ containerPort: 1, protocol: 'ICMP' }] },
    ['c.ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"'],
  ],
  [
    '[1.13] port name repeated',
    {
      ports: [
        { containerPort: 1, name: 'a' },
        { containerPort: 2, name: 'a' },
      ],
    },
    ['c.ports[1].name: Duplicate value: "a"'],
  ],
  [
    '[1.13] host port twice',
    {
      ports: [
        { containerPort: 1, hostPort: 80 },
        { containerPort: 2, hostPort: 80 },
      ],
    },
    ['c.ports[1].hostPort: Duplicate value: "TCP//80"'],
  ],
  [
    '[1.13] liveness without handler',
    { livenessProbe: {} },
    ['c.livenessProbe: Required value: must specify a handler type'],
  ],
  [
    '[1.13] two handlers',
    { readinessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 1 } } },
    ['c.readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type'],
  ],
  ['[1.13] exec without command', { livenessProbe: { exec: {} } }, ['c.livenessProbe.exec.command: Required value']],
  [
    '[N-8] probe port',
    { livenessProbe: { tcpSocket: { port: 0 } } },
    ['c.livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive'],
  ],
  [
    '[N-9] probe port name',
    { livenessProbe: { httpGet: { port: 'a--b' } } },
    ['c.livenessProbe.httpGet.port: Invalid value: "a--b": must not contain consecutive hyphens'],
  ],
  [
    '[1.13] scheme',
    { livenessProbe: { httpGet: { port: 1, scheme: 'FTP' } } },
    ['c.livenessProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"'],
  ],
  [
    '[1.13] header',
    { livenessProbe: { httpGet: { port: 1, httpHeaders: [{ name: 'a b', value: 'x' }] } } },
    [
      `c.livenessProbe.httpGet.httpHeaders: Invalid value: "a b": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')`,
    ],
  ],
  [
    '[N-8] probe numbers',
    { readinessProbe: { exec: { command: ['a'] }, initialDelaySeconds: -1 } },
    ['c.readinessProbe.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    '[1.13] successThreshold of liveness',
    { livenessProbe: { exec: { command: ['a'] }, successThreshold: 2 } },
    ['c.livenessProbe.successThreshold: Invalid value: 2: must be 1'],
  ],
  ['[1.13] successThreshold of readiness', { readinessProbe: { exec: { command: ['a'] }, successThreshold: 2 } }, []],
  [
    '[1.13] grace of a probe',
    { startupProbe: { exec: { command: ['a'] }, terminationGracePeriodSeconds: 0 } },
    ['c.startupProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0'],
  ],
  [
    '[1.13] grace of readiness',
    { readinessProbe: { exec: { command: ['a'] }, terminationGracePeriodSeconds: 1 } },
    ['c.readinessProbe.terminationGracePeriodSeconds: Invalid value: 1: must not be set for readinessProbes'],
  ],
  [
    '[1.13] hook without handler',
    { lifecycle: { preStop: {} } },
    ['c.lifecycle.preStop: Required value: must specify a handler type'],
  ],
  [
    '[1.13] sleep beyond the grace period',
    { lifecycle: { preStop: { sleep: { seconds: 30 } } } },
    [
      'c.lifecycle.preStop.sleep: Invalid value: 30: must be non-negative and less than terminationGracePeriodSeconds (30)',
    ],
  ],
  ['[1.13] sleep within it', { lifecycle: { preStop: { sleep: { seconds: 29 } } } }, []],
  [
    '[1.13] mount without a volume',
    { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
    ['c.volumeMounts[0].name: Not found: "v"'],
  ],
  [
    '[1.13] mount without anything',
    { volumeMounts: [{}] },
    [
      'c.volumeMounts[0].name: Required value',
      'c.volumeMounts[0].name: Not found: ""',
      'c.volumeMounts[0].mountPath: Required value',
    ],
  ],
  [
    '[1.13] device without a volume',
    { volumeDevices: [{ name: 'v', devicePath: '/d' }] },
    ['c.volumeDevices[0].name: Not found: "v"'],
  ],
  [
    '[1.13] privileged',
    { securityContext: { privileged: true } },
    ['c.securityContext.privileged: Forbidden: disallowed by cluster policy'],
  ],
  [
    '[1.13] user',
    { securityContext: { runAsUser: -1 } },
    ['c.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive'],
  ],
  [
    '[1.13] seccomp',
    { securityContext: { seccompProfile: { type: 'Localhost' } } },
    ['c.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost'],
  ],
  [
    '[1.13] procMount',
    { securityContext: { procMount: 'Odd' } },
    ['c.securityContext.procMount: Unsupported value: "Odd": supported values: "Default", "Unmasked"'],
  ],
  [
    '[1.13] resizePolicy',
    { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] },
    [`c.resizePolicy: Invalid value: "RestartContainer": must be 'NotRequired' when pod \`restartPolicy\` is 'Never'`],
  ],
]

test.each(cases)('%s', (_, given, said) => expect(shortRefusalsOf({ container: given })).toEqual(said))

test('[1.13] no containers', () =>
  expect(shortRefusalsOf({ pod: { containers: [] } })).toEqual(['pod.containers: Required value']))

test('[1.13] a name repeated among containers, and by an init container', () =>
  expect(
    shortRefusalsOf({
      pod: { containers: [container(), container()], initContainers: [container({ restartPolicy: 'Always' })] },
    }),
  ).toEqual(['pod.containers[1].name: Duplicate value: "main"', 'pod.initContainers[0].name: Duplicate value: "main"']))

test('[1.13] only a sidecar may be probed or hooked', () => {
  const init = container({ name: 'first', livenessProbe: { exec: { command: ['a'] } } })
  expect(shortRefusalsOf({ pod: { initContainers: [init] } })).toEqual([
    'pod.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
  ])
  expect(shortRefusalsOf({ pod: { initContainers: [{ ...init, restartPolicy: 'Always' }] } })).toEqual([])
})

test('[1.13] on the host network a host port is the port itself or left open', () => {
  const onHost = (hostPort: number) =>
    refusalsOf({ pod: { hostNetwork: true, containers: [container({ ports: [{ containerPort: 80, hostPort }] })] } })
  expect(onHost(80)).toEqual([])
  expect(onHost(0)).toEqual([])
  expect(onHost(81)).toEqual([expect.stringContaining('must match `containerPort` when `hostNetwork` is true')])
})

const mounting = (...mounts: ReadonlyArray<Shape<'VolumeMount'>>) =>
  shortRefusalsOf({
    pod: { volumes: [{ name: 'v', emptyDir: {} }], containers: [container({ volumeMounts: mounts })] },
  })

test.each<[rule: string, mount: Shape<'VolumeMount'>, said: ReadonlyArray<string>]>([
  ['[1.13] right', { subPath: 'a/b' }, []],
  [
    '[N-12] subPath absolute',
    { subPath: '/a' },
    ['c.volumeMounts.subPath: Invalid value: "/a": must be a relative path'],
  ],
  [
    '[N-12] subPath back',
    { subPath: 'a/..' },
    [`c.volumeMounts.subPath: Invalid value: "a/..": must not contain '..'`],
  ],
  [
    '[1.13] both',
    { subPath: 'a', subPathExpr: 'b' },
    ['c.volumeMounts.subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive'],
  ],
  [
    '[1.13] propagation',
    { mountPropagation: 'Odd' },
    [
      'c.volumeMounts.mountPropagation: Unsupported value: "Odd": supported values: "Bidirectional", "HostToContainer", "None"',
    ],
  ],
  [
    '[1.13] bidirectional',
    { mountPropagation: 'Bidirectional' },
    [
      'c.volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers',
    ],
  ],
  [
    '[1.13] recursive',
    { recursiveReadOnly: 'Enabled' },
    ['c.volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true'],
  ],
])('%s mount', (_, mount, said) => expect(mounting({ name: 'v', mountPath: '/v', ...mount })).toEqual(said))

test('[1.13] two mounts at one path', () =>
  expect(mounting({ name: 'v', mountPath: '/v' }, { name: 'v', mountPath: '/v' })).toEqual([
    'c.volumeMounts[1].mountPath: Invalid value: "/v": must be unique',
  ]))
