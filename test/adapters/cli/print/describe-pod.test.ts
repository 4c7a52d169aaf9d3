import { expect, test } from 'vitest'
import { describePod } from '../../../../src/adapters/cli/print/describe-pod.ts'
import { containerStatus, ended, event, now, pod, podCondition, running, text, waiting } from './objects.ts'

const utc = { now, timeZone: 'UTC' }
const tolerated = { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }

const full = pod({
  metadata: {
    labels: { 'job-name': 'pi', app: 'pi' },
    deletionTimestamp: '2026-07-21T08:09:30Z',
    deletionGracePeriodSeconds: 30,
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'pi', uid: '1', controller: true }],
  },
  spec: {
    priority: 0,
    priorityClassName: 'high',
    runtimeClassName: 'sandbox',
    serviceAccountName: 'default',
    nodeName: 'here',
    securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'strict.json' } },
    initContainers: [{ name: 'prepare', image: 'busybox' }],
    containers: [
      { name: 'main', image: 'perl', env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
      { name: 'loop', image: 'alpine' },
      { name: 'unheard', image: 'alpine' },
    ],
    readinessGates: [{ conditionType: 'example.com/gate' }],
    tolerations: [
      { key: 'node.kubernetes.io/unreachable', ...tolerated },
      { key: 'node.kubernetes.io/not-ready', ...tolerated },
      { key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule' },
      { operator: 'Exists' },
    ],
    nodeSelector: { disk: 'ssd' },
    topologySpreadConstraints: [
      {
        topologyKey: 'zone',
        whenUnsatisfiable: 'DoNotSchedule',
        maxSkew: 1,
        labelSelector: { matchLabels: { a: 'b' } },
      },
      { topologyKey: 'host', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 2 },
    ],
  },
  status: {
    phase: 'Running',
    reason: 'Why',
    message: 'what happened',
    startTime: '2026-07-21T08:00:00Z',
    hostIP: '192.168.0.2',
    podIP: '10.0.0.7',
    podIPs: [{ ip: '10.0.0.7' }, { ip: 'fd00::7' }],
    nominatedNodeName: 'there',
    conditions: [podCondition('PodReadyToStartContainers', 'True'), podCondition('Ready', 'False')],
    initContainerStatuses: [
      containerStatus({ name: 'prepare', containerID: 'local://1', ready: true, state: ended(0, 'Completed') }),
    ],
    containerStatuses: [
      containerStatus({
        containerID: 'local://2',
        imageID: 'sha256:2',
        ready: true,
        restartCount: 2,
        state: running,
        lastState: { terminated: { ...ended(137, 'OOMKilled', 9).terminated, message: 'boom' } },
      }),
      containerStatus({ name: 'loop', state: waiting('CrashLoopBackOff') }),
    ],
  },
})

test('[12.5] a Pod being deleted, with all that can be told about it', () => {
  expect(describePod(full, { ...utc, events: [] })).toBe(text`
    Name:                      pi-0
    Namespace:                 default
    Priority:                  0
    Priority Class Name:       high
    Runtime Class Name:        sandbox
    Service Account:           default
    Node:                      here/192.168.0.2
    Start Time:                Tue, 21 Jul 2026 08:00:00 +0000
    Labels:                    app=pi
                               job-name=pi
    Annotations:               <none>
    Status:                    Terminating (lasts 30s)
    Termination Grace Period:  30s
    Reason:                    Why
    Message:                   what happened
    SeccompProfile:            Localhost
    LocalhostProfile:          strict.json
    IP:                        10.0.0.7
    IPs:
      IP:               10.0.0.7
      IP:               fd00::7
    Controlled By:      Job/pi
    NominatedNodeName:  there
    Init Containers:
      prepare:
        Container ID:   local://1
        Image:          busybox
        Image ID:       $
        Port:           <none>
        Host Port:      <none>
        State:          Terminated
          Reason:       Completed
          Exit Code:    0
          Started:      Tue, 21 Jul 2026 08:00:01 +0000
          Finished:     Tue, 21 Jul 2026 08:05:00 +0000
        Ready:          True
        Restart Count:  0
        Environment:    <none>
        Mounts:         <none>
    Containers:
      main:
        Container ID:   local://2
        Image:          perl
        Image ID:       sha256:2
        Port:           <none>
        Host Port:      <none>
        State:          Running
          Started:      Tue, 21 Jul 2026 08:00:01 +0000
        Last State:     Terminated
          Reason:       OOMKilled
          Message:      boom
          Exit Code:    137
          Signal:       9
          Started:      Tue, 21 Jul 2026 08:00:01 +0000
          Finished:     Tue, 21 Jul 2026 08:05:00 +0000
        Ready:          True
        Restart Count:  2
        Environment:
          POD:   pi-0 (v1:metadata.name)
        Mounts:  <none>
      loop:
        Container ID:   $
        Image:          alpine
        Image ID:       $
        Port:           <none>
        Host Port:      <none>
        State:          Waiting
          Reason:       CrashLoopBackOff
        Ready:          False
        Restart Count:  0
        Environment:    <none>
        Mounts:         <none>
      unheard:
        Image:        alpine
        Port:         <none>
        Host Port:    <none>
        Environment:  <none>
        Mounts:       <none>
    Readiness Gates:
      Type               Status
      example.com/gate   <none> $
    Conditions:
      Type                        Status
      PodReadyToStartContainers   True $
      Ready                       False $
    Volumes:                      <none>
    QoS Class:                    BestEffort
    Node-Selectors:               disk=ssd
    Tolerations:                  op=Exists
                                  a=b:NoSchedule
                                  node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                                  node.kubernetes.io/unreachable:NoExecute op=Exists for 300s
    Topology Spread Constraints:  host:ScheduleAnyway when max skew 2 is exceeded
                                  zone:DoNotSchedule when max skew 1 is exceeded for selector a=b
    Events:                       <none>
  `)
})

test('[12.5] a Pod nobody has taken up', () => {
  expect(describePod(pod({}), utc)).toBe(text`
    Name:         pi-0
    Namespace:    default
    Node:         <none>
    Labels:       <none>
    Annotations:  <none>
    Status:       Pending
    IP:           $
    IPs:          <none>
    Containers:
      main:
        Image:        busybox
        Port:         <none>
        Host Port:    <none>
        Environment:  <none>
        Mounts:       <none>
    Volumes:          <none>
    QoS Class:        BestEffort
    Node-Selectors:   <none>
    Tolerations:      <none>
  `)
})

test('[12.5] a deleted Pod that has ended is told by its phase', () => {
  const over = pod({ metadata: { deletionTimestamp: '2026-07-21T08:09:30Z' }, status: { phase: 'Failed' } })
  expect(describePod(over, utc)).toContain('Status:       Failed\n')
})

test('[12.5] a message of several lines goes on at the margin and ends the alignment, as in kubectl', () => {
  const described = describePod(pod({ status: { message: 'first\nsecond' } }), { ...utc, events: [event({})] })
  expect(described).toContain('Message:      first\nsecond\nIP:   \nIPs:  <none>\n')
})
