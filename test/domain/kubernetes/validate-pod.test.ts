import { describe, expect, test } from 'vitest'
import { changedPod } from '../../../src/domain/kubernetes/changed-pod.ts'
import { renderFieldError } from '../../../src/domain/kubernetes/field-error.ts'
import { podWithDefaults } from '../../../src/domain/kubernetes/pod-with-defaults.ts'
import type { Shape } from '../../../src/domain/kubernetes/schema.ts'
import { validatePod, validatePodUpdate } from '../../../src/domain/kubernetes/validate-pod.ts'
import { container } from './refusals-of.ts'

type Spec = Shape<'PodSpec'>

const podOf = (spec: Spec = {}, metadata: Shape<'ObjectMeta'> = {}): Shape<'Pod'> => ({
  metadata: { name: 'p', namespace: 'default', ...metadata },
  spec: { containers: [container()], ...spec },
})
const stored = (spec: Spec = {}): Shape<'Pod'> => {
  const pod = podWithDefaults(podOf(spec))
  return { ...pod, metadata: { ...pod.metadata, uid: 'uid-1' } }
}

const lostNode = ['not-ready', 'unreachable'].map((state) => ({
  key: `node.kubernetes.io/${state}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}))

describe('a new Pod', () => {
  test('[D-10] gets the defaults of a template and those of a Pod', () =>
    expect(podWithDefaults(podOf())).toStrictEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: {
        containers: [
          {
            ...container(),
            resources: {},
            terminationMessagePath: '/dev/termination-log',
            terminationMessagePolicy: 'File',
            imagePullPolicy: 'Always',
          },
        ],
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 30,
        dnsPolicy: 'ClusterFirst',
        securityContext: {},
        schedulerName: 'default-scheduler',
        enableServiceLinks: true,
        priority: 0,
        preemptionPolicy: 'PreemptLowerPriority',
        tolerations: lostNode,
      },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    }))

  test('[D-10] what is limited is requested, a port of the node is named', () => {
    const [main] =
      podWithDefaults(
        podOf({
          hostNetwork: true,
          containers: [
            container({
              resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '0.5' } },
              ports: [{ containerPort: 80 }],
            }),
          ],
        }),
      ).spec?.containers ?? []
    expect(main?.resources).toStrictEqual({
      limits: { cpu: '1', memory: '1Gi' },
      requests: { cpu: '500m', memory: '1Gi' },
    })
    expect(main?.ports).toStrictEqual([{ hostPort: 80, protocol: 'TCP', containerPort: 80 }])
  })

  test.each<[what: string, toleration: Shape<'Toleration'>, added: number]>([
    ['everything', { operator: 'Exists' }, 0],
    ['a node that is not ready', { key: 'node.kubernetes.io/not-ready', operator: 'Exists' }, 1],
    ['the same, but only for new Pods', { ...lostNode[0], effect: 'NoSchedule' }, 2],
  ])('[D-10] one that bears %s', (_, { tolerationSeconds: _s, ...toleration }, added) =>
    expect(podWithDefaults(podOf({ tolerations: [toleration] })).spec?.tolerations).toHaveLength(1 + added),
  )

  test.each<[qosClass: string, resources: Shape<'ResourceRequirements'>]>([
    ['BestEffort', {}],
    ['BestEffort', { limits: { 'example.com/gpu': '1' } }],
    ['Burstable', { requests: { cpu: '1' } }],
    ['Burstable', { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1', memory: '1Mi' } }],
    ['Guaranteed', { limits: { cpu: '1', memory: '1Gi' } }],
    ['Guaranteed', { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m', memory: '1024Mi' } }],
  ])('is %s with %j', (qosClass, resources) =>
    expect(podWithDefaults(podOf({ containers: [container({ resources })] })).status?.qosClass).toBe(qosClass),
  )

  test.each<[what: string, spec: Spec, refusals: ReadonlyArray<string>]>([
    ['a minimal one', {}, []],
    ['no containers', { containers: [] }, ['spec.containers: Required value']],
    [
      'another restartPolicy',
      { restartPolicy: 'Sometimes' },
      ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
    ],
    [
      'a node in spite of gates',
      { nodeName: 'n', schedulingGates: [{ name: 'a.io/b' }] },
      ['spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared'],
    ],
    [
      'ephemeral containers',
      { ephemeralContainers: [container()] },
      ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
    ],
  ])('%s', (_, spec, refusals) =>
    expect(validatePod(podWithDefaults(podOf(spec))).map(renderFieldError)).toEqual(refusals),
  )

  test('whose gates are not cleared says so', () =>
    expect(stored({ schedulingGates: [{ name: 'a.io/b' }] }).status?.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' },
    ]))
})

describe('a change of a Pod', () => {
  const said = (present: Shape<'Pod'>, change: Spec, metadata: Shape<'ObjectMeta'> = {}): ReadonlyArray<string> => {
    const sent = { ...present, metadata: { ...present.metadata, ...metadata }, spec: { ...present.spec, ...change } }
    return validatePodUpdate(changedPod(sent, present), present).map(renderFieldError)
  }
  const onlyThese =
    'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'
  const limited = { activeDeadlineSeconds: 10 }
  const gated = { schedulingGates: [{ name: 'a.io/b' }], nodeSelector: { disk: 'ssd' } }
  const [first] = stored().spec?.containers ?? []

  test.each<[what: string, before: Spec, change: Spec, refusals: ReadonlyArray<string>]>([
    ['nothing', {}, {}, []],
    ['an image', {}, { containers: [{ ...first, image: 'other' }] }, []],
    [
      'no image',
      {},
      { containers: [{ ...first, image: ' ' }] },
      [
        'spec.containers[0].image: Invalid value: " ": must not have leading or trailing whitespace',
        'spec.containers[0].image: Required value',
      ],
    ],
    ['the node', {}, { nodeName: 'other' }, [onlyThese]],
    ['a command', {}, { containers: [{ ...first, command: ['true'] }] }, [onlyThese]],
    [
      'a container more',
      {},
      { containers: [{ ...first }, container({ name: 'second' })] },
      ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    ],
    ['a deadline where there was none', {}, limited, []],
    ['an earlier deadline', limited, { activeDeadlineSeconds: 5 }, []],
    [
      'a later deadline',
      limited,
      { activeDeadlineSeconds: 11 },
      ['spec.activeDeadlineSeconds: Invalid value: 11: must be less than or equal to previous value'],
    ],
    ['one toleration more', {}, { tolerations: [...lostNode, { key: 'a', operator: 'Exists' }] }, []],
    ['more patience', {}, { tolerations: lostNode.map((one) => ({ ...one, tolerationSeconds: 5 })) }, []],
    [
      'another toleration',
      {},
      { tolerations: lostNode.map((one) => ({ ...one, operator: 'Equal', value: 'x' })) },
      ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
    ],
    ['no gate any more', gated, { schedulingGates: [] }, []],
    [
      'another gate',
      gated,
      { schedulingGates: [{ name: 'a.io/c' }] },
      ["spec.schedulingGates: Forbidden: only deletion is allowed, but found new scheduling gate 'a.io/c'"],
    ],
    ['fewer nodes while gated', gated, { nodeSelector: { disk: 'ssd', zone: 'a' } }, []],
    [
      'other nodes while gated',
      gated,
      { nodeSelector: { disk: 'hdd' } },
      ['spec.nodeSelector: Invalid value: {"disk":"hdd"}: only additions are allowed (no mutations or deletions)'],
    ],
    ['fewer nodes', {}, { nodeSelector: { disk: 'ssd' } }, [onlyThese]],
    ['a grace that was negative', { terminationGracePeriodSeconds: -1 }, { terminationGracePeriodSeconds: 1 }, []],
  ])('%s', (_, before, change, refusals) => expect(said(stored(before), change)).toEqual(refusals))

  test('a deadline that is taken away', () => {
    const present = stored(limited)
    const { activeDeadlineSeconds: _, ...spec } = present.spec ?? {}
    expect(validatePodUpdate(changedPod({ ...present, spec }, present), present).map(renderFieldError)).toEqual([
      'spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value',
    ])
  })

  test("labels, annotations, finalizers and owners are the user's", () => {
    const owner = { apiVersion: 'batch/v1', kind: 'Job', name: 'job', uid: 'uid-2' }
    const metadata = {
      labels: { a: 'b' },
      annotations: { note: 'x' },
      finalizers: ['a.io/b'],
      ownerReferences: [owner],
    }
    expect(said(stored(), {}, metadata)).toEqual([])
    expect(changedPod({ ...stored(), metadata: { name: 'p', ...metadata } }, stored()).metadata).toStrictEqual({
      ...metadata,
      name: 'p',
      namespace: 'default',
      uid: 'uid-1',
    })
  })

  test('what is wrong with labels is told four times', () =>
    expect(said(stored(), {}, { labels: { a: '-' } })).toHaveLength(4))

  test('a spec from before Pods had defaults of their own is the same with them', () => {
    const { enableServiceLinks: _e, priority: _p, preemptionPolicy: _q, tolerations: _t, ...spec } = stored().spec ?? {}
    expect(said({ ...stored(), spec }, {})).toEqual([])
  })
})
