import { expect, test } from 'vitest'
import { describedText } from '../../../../src/adapters/cli/print/describe-job.ts'
import { podTemplateLines } from '../../../../src/adapters/cli/print/describe-pod-template.ts'
import type { PodTemplate } from '../../../../src/domain/kubernetes/pod-spec.ts'
import { text } from './objects.ts'

const probe = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }

/** Fields our types do not name are carried along in the objects, hence the wider type. */
const template: PodTemplate & { readonly spec: Record<string, unknown> } = {
  metadata: { annotations: { k: 'v', k2: 'v2' } },
  spec: {
    serviceAccountName: 'robot',
    priorityClassName: 'high',
    initContainers: [{ name: 'prepare', image: 'busybox' }],
    containers: [
      {
        name: 'main',
        image: 'perl',
        ports: [{ containerPort: 80, protocol: 'TCP', name: 'http' }],
        command: ['sh', '-c', 'if true\n\tthen\techo 1'],
        args: ['one', 'two'],
        resources: { limits: { memory: '64Mi', cpu: '1500m' }, requests: { cpu: '100m' } },
        ...{
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          livenessProbe: { httpGet: { port: 80, path: '/h', scheme: 'HTTP' }, ...probe },
          readinessProbe: { exec: { command: ['a', 'b'] }, initialDelaySeconds: 3 },
          startupProbe: { tcpSocket: { port: 'web' } },
        },
        envFrom: [{ configMapRef: { name: 'cm' } }, { prefix: 'P_', secretRef: { name: 's', optional: true } }],
        env: [
          { name: 'MODE', value: 'fast' },
          { name: 'EMPTY' },
          { name: 'LINES', value: 'a\nb' },
          { name: 'F', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
          { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
          { name: 'MEM', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
          { name: 'REQ', valueFrom: { resourceFieldRef: { resource: 'requests.memory' } } },
          { name: 'SEC', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
          { name: 'CM', valueFrom: { configMapKeyRef: { name: 'c', key: 'k', optional: true } } },
        ],
        volumeMounts: [
          { name: 'scratch', mountPath: '/z', subPath: 'a/b' },
          { name: 'scratch', mountPath: '/data', readOnly: true },
        ],
      },
      {
        name: 'side',
        image: 'alpine',
        ports: [
          { containerPort: 80, protocol: 'TCP' },
          { containerPort: 81, hostPort: 8081, protocol: 'UDP' },
        ],
        ...{
          livenessProbe: { grpc: { port: 9, service: 'health' } },
          volumeDevices: [{ name: 'disk', devicePath: '/dev/x' }],
        },
        env: [{ name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }],
      },
    ],
  },
}

test('[12.5] everything a container of a template can say', () => {
  expect(describedText(podTemplateLines(template))).toBe(text`
    Pod Template:
      Labels:           <none>
      Annotations:      k: v
                        k2: v2
      Service Account:  robot
      Init Containers:
       prepare:
        Image:        busybox
        Port:         <none>
        Host Port:    <none>
        Environment:  <none>
        Mounts:       <none>
      Containers:
       main:
        Image:           perl
        Port:            80/TCP (http)
        Host Port:       0/TCP
        SeccompProfile:  RuntimeDefault
        Command:
          sh
          -c
          if true
            then  echo 1
        Args:
          one
          two
        Limits:
          cpu:     1500m
          memory:  64Mi
        Requests:
          cpu:      100m
        Liveness:   http-get http://:80/h delay=0s timeout=1s period=10s #success=1 #failure=3
        Readiness:  exec [a b] delay=3s timeout=0s period=0s #success=0 #failure=0
        Startup:    tcp-socket :web delay=0s timeout=0s period=0s #success=0 #failure=0
        Environment Variables from:
          cm  ConfigMap                Optional: false
          s   Secret with prefix 'P_'  Optional: true
        Environment:
          MODE:   fast
          EMPTY:  $
          LINES:  a
                  b
          F:       (v1:metadata.name)
          CPU:    2 (limits.cpu)
          MEM:    64 (limits.memory)
          REQ:    0 (requests.memory)
          SEC:    <set to the key 'k' in secret 's'>      Optional: false
          CM:     <set to the key 'k' of config map 'c'>  Optional: true
        Mounts:
          /data from scratch (ro)
          /z from scratch (rw,path="a/b")
       side:
        Image:       alpine
        Ports:       80/TCP, 81/UDP
        Host Ports:  0/TCP, 8081/UDP
        Liveness:    grpc <pod>:9 health delay=0s timeout=0s period=0s #success=0 #failure=0
        Environment:
          CPU:   node allocatable (limits.cpu)
        Mounts:  <none>
        Devices:
          /dev/x from disk
      Volumes:              <none>
      Priority Class Name:  high
      Node-Selectors:       <none>
      Tolerations:          <none>
  `)
})
