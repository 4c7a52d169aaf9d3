import { expect, test } from 'vitest'
import type { Shape } from '../../../../src/domain/kubernetes/schema.ts'
import { container, shortRefusalsOf } from '../refusals-of.ts'

const refusals = (pod: Shape<'PodSpec'>) => shortRefusalsOf({ pod: { containers: [container()], ...pod } })

const operatorWithoutKey = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
const mustHold = 'requiredDuringSchedulingIgnoredDuringExecution'
const shouldHold = 'preferredDuringSchedulingIgnoredDuringExecution'
const spread = (more: Shape<'TopologySpreadConstraint'> = {}) => ({
  maxSkew: 1,
  topologyKey: 'zone',
  whenUnsatisfiable: 'DoNotSchedule',
  ...more,
})

const cases: ReadonlyArray<[rule: string, pod: Shape<'PodSpec'>, said: ReadonlyArray<string>]> = [
  [
    '[1.13] deadline 0',
    { activeDeadlineSeconds: 0 },
    ['pod.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
  ],
  ['[1.13] negative grace is a warning only', { terminationGracePeriodSeconds: -1 }, []],
  [
    '[1.13] dnsPolicy',
    { dnsPolicy: 'Nowhere' },
    [
      'pod.dnsPolicy: Unsupported value: "Nowhere": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
    ],
  ],
  [
    '[1.13] dnsPolicy None',
    { dnsPolicy: 'None' },
    ['pod.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
  ],
  [
    '[1.13] nameservers',
    { dnsConfig: { nameservers: ['1.2.3.4', '::1', '1.1.1.1', 'x'], options: [{}] } },
    [
      'pod.dnsConfig.nameservers: Invalid value: ["1.2.3.4","::1","1.1.1.1","x"]: must not have more than 3 nameservers',
      'pod.dnsConfig.nameservers[3]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'pod.dnsConfig.options[0]: Required value: must not be empty',
    ],
  ],
  ['[1.13] searches may have underscores', { dnsConfig: { searches: ['_a.b', '.', 'c.'] } }, []],
  ['[1.13] hostname with a dot', { hostname: 'a.b' }, ['pod.hostname: Invalid value: "a.b": must not contain dots']],
  ['[1.13] toleration of all', { tolerations: [{ operator: 'Exists' }] }, []],
  [
    '[1.13] toleration without key',
    { tolerations: [{ operator: 'Equal' }] },
    [`pod.tolerations[0].operator: Invalid value: "Equal": ${operatorWithoutKey}`],
  ],
  [
    '[1.13] toleration Exists with value',
    { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] },
    [`pod.tolerations[0].operator: Invalid value: "b": value must be empty when \`operator\` is 'Exists'`],
  ],
  [
    '[1.13] toleration operator',
    { tolerations: [{ key: 'a', operator: 'Sometimes' }] },
    ['pod.tolerations[0].operator: Unsupported value: "Sometimes": supported values: "Equal", "Exists"'],
  ],
  [
    '[1.13] toleration Gt',
    { tolerations: [{ key: 'a', operator: 'Gt', value: '1' }] },
    ['pod.tolerations[0].operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"'],
  ],
  [
    '[1.13] toleration effect',
    { tolerations: [{ key: 'a', effect: 'Odd' }] },
    [
      'pod.tolerations[0].effect: Unsupported value: "Odd": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
  ],
  [
    '[1.13] tolerationSeconds',
    { tolerations: [{ key: 'a', effect: 'NoSchedule', tolerationSeconds: 1 }] },
    [
      `pod.tolerations[0].effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when \`tolerationSeconds\` is set`,
    ],
  ],
  [
    '[1.13] no node terms',
    { affinity: { nodeAffinity: { [mustHold]: {} } } },
    [
      `pod.affinity.nodeAffinity.${mustHold}.nodeSelectorTerms: Required value: must have at least one node selector term`,
    ],
  ],
  [
    '[1.13] node operator',
    {
      affinity: {
        nodeAffinity: {
          [mustHold]: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: 'a', operator: 'Gt' },
                  { key: 'a', operator: 'Is' },
                ],
              },
            ],
          },
        },
      },
    },
    [
      `pod.affinity.nodeAffinity.${mustHold}.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified single value when \`operator\` is 'Lt' or 'Gt'`,
      `pod.affinity.nodeAffinity.${mustHold}.nodeSelectorTerms[0].matchExpressions[1].operator: Invalid value: "Is": not a valid selector operator`,
    ],
  ],
  [
    '[1.13] weight',
    { affinity: { podAntiAffinity: { [shouldHold]: [{ weight: 101, podAffinityTerm: { topologyKey: 'a' } }] } } },
    [`pod.affinity.podAntiAffinity.${shouldHold}[0].weight: Invalid value: 101: must be in the range 1-100`],
  ],
  [
    '[1.13] skew',
    { topologySpreadConstraints: [spread({ maxSkew: 0 })] },
    ['pod.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero'],
  ],
  [
    '[1.13] spread',
    { topologySpreadConstraints: [spread({ topologyKey: '', whenUnsatisfiable: 'Cry' })] },
    [
      'pod.topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
      'pod.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Cry": supported values: "DoNotSchedule", "ScheduleAnyway"',
    ],
  ],
  [
    '[1.13] spread twice',
    { topologySpreadConstraints: [spread(), spread()] },
    ['pod.topologySpreadConstraints[1].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"'],
  ],
  [
    '[1.13] gate twice',
    { schedulingGates: [{ name: 'a' }, { name: 'a' }] },
    ['pod.schedulingGates[1]: Duplicate value: "a"'],
  ],
  [
    '[1.13] leading zero',
    { hostAliases: [{ ip: '10.0.0.01' }] },
    ['pod.hostAliases[0].ip: Invalid value: "10.0.0.01": must not have leading 0s'],
  ],
  [
    '[1.13] preemptionPolicy',
    { preemptionPolicy: 'Odd' },
    ['pod.preemptionPolicy: Unsupported value: "Odd": supported values: "PreemptLowerPriority", "Never"'],
  ],
  [
    '[1.13] os',
    { os: { name: 'plan9' } },
    ['pod.os: Unsupported value: "plan9": supported values: "linux", "windows"'],
  ],
  [
    '[1.13] groups',
    { securityContext: { fsGroup: -1, supplementalGroups: [-2] } },
    [
      'pod.securityContext.fsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive',
      'pod.securityContext.supplementalGroups[0]: Invalid value: -2: must be between 0 and 2147483647, inclusive',
    ],
  ],
  [
    '[1.13] sysctl',
    {
      securityContext: {
        sysctls: [
          { name: 'a..b', value: '1' },
          { name: 'net.ipv4/a_b', value: '1' },
        ],
      },
    },
    [
      'pod.securityContext.sysctls[0].name: Invalid value: "a..b": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
    ],
  ],
  [
    '[1.13] host network of other users',
    { hostNetwork: true, hostUsers: false },
    ['pod.hostNetwork: Forbidden: when `hostUsers` is false'],
  ],
  [
    '[1.13] shared processes',
    { hostPID: true, shareProcessNamespace: true },
    [
      'pod.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled',
    ],
  ],
  [
    '[1.13] ephemeral containers',
    { ephemeralContainers: [{ name: 'e', image: 'x' }] },
    ['pod.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template'],
  ],
  [
    '[1.13] claim without source',
    { resourceClaims: [{ name: 'a' }] },
    ['pod.resourceClaims[0]: Invalid value: "": must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'],
  ],
]

test.each(cases)('%s', (_, pod, said) => expect(refusals({ restartPolicy: 'Never', ...pod })).toEqual(said))

test.each<[rule: string, pod: Shape<'PodSpec'>, said: RegExp]>([
  ['[N-7] hostname', { hostname: 'Not_Ok' }, /^pod.hostname: Invalid value: "Not_Ok": a lowercase RFC 1123 label/],
  ['[N-1] nodeSelector key', { nodeSelector: { 'a b': 'x' } }, /^pod.nodeSelector: Invalid value: "a b": name part/],
  [
    '[N-4] nodeSelector value',
    { nodeSelector: { a: 'x y' } },
    /^pod.nodeSelector: Invalid value: "x y": a valid label/,
  ],
  ['[N-6] nodeName', { nodeName: 'A' }, /^pod.nodeName: Invalid value: "A": a lowercase RFC 1123 subdomain/],
  ['[N-6] serviceAccountName', { serviceAccountName: 'A' }, /^pod.serviceAccountName: Invalid value: "A": a lower/],
  [
    '[N-4] toleration value',
    { tolerations: [{ key: 'a', value: 'b c' }] },
    /^pod.tolerations\[0\].operator: Invalid value: "b c"/,
  ],
  [
    '[N-1] readiness gate',
    { readinessGates: [{ conditionType: 'a b' }] },
    /^pod.readinessGates\[0\].conditionType: Invalid/,
  ],
  [
    '[N-6] alias',
    { hostAliases: [{ ip: '1.2.3.4', hostnames: ['A'] }] },
    /^pod.hostAliases\[0\].hostnames\[0\]: Invalid/,
  ],
])('%s', (_, pod, said) => {
  const sentences = refusals({ restartPolicy: 'Never', ...pod })
  expect(sentences).toHaveLength(1)
  expect(sentences[0]).toMatch(said)
})
