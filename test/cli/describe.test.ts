import { describe } from 'vitest'
import { test } from '../support/jobledger.ts'
import { masked } from './tables.ts'

describe.concurrent('jobledger describe', { timeout: 60_000 }, () => {
  test('prints a Job and its Pods as kubectl does', async ({ jobledger, expect }) => {
    const file = jobledger.manifest('told', 'exit 2', {
      backoffLimit: 0,
      activeDeadlineSeconds: 600,
      ttlSecondsAfterFinished: 900,
    })
    expect(await jobledger.run('run', '-f', file)).toMatchObject({ code: 1 })
    const [job, pods, all, none] = await Promise.all([
      jobledger.ask('describe', 'job', 'told'),
      jobledger.ask('describe', 'pods'),
      jobledger.ask('describe', 'jobs', '-A'),
      jobledger.run('describe', 'jobs', '-n', 'nobody'),
    ])
    expect(untimed(job)).toBe(jobText)
    expect(untimed(pods)).toBe(podText)
    expect(untimed(all)).toBe(untimed(job))
    expect(none).toMatchObject({ code: 0, out: '', err: 'No resources found in nobody namespace.\n' })
    const [pod] = /told-\w{5}/.exec(pods) ?? []
    expect(untimed(await jobledger.ask('describe', `pod/${pod}`, 'job/told'))).toBe(`${podText}\n\n${jobText}`)
  })
})

/** Ages and durations of one or two digits, in the width of one. */
const untimed = (text: string): string => masked(text).replace(/ \d{1,2}s +(?=job-controller)/g, ' Ns    ')

const jobText = `Name:                        told
Namespace:                   default
Selector:                    batch.kubernetes.io/controller-uid=UID
Labels:                      batch.kubernetes.io/controller-uid=UID
                             batch.kubernetes.io/job-name=told
                             controller-uid=UID
                             job-name=told
Annotations:                 <none>
Parallelism:                 1
Completions:                 1
Completion Mode:             NonIndexed
Suspend:                     false
Backoff Limit:               0
TTL Seconds After Finished:  900
Start Time:                  TIME
Active Deadline Seconds:     600s
Pods Statuses:               0 Active (0 Ready) / 0 Succeeded / 1 Failed
Pod Template:
  Labels:  batch.kubernetes.io/controller-uid=UID
           batch.kubernetes.io/job-name=told
           controller-uid=UID
           job-name=told
  Containers:
   main:
    Image:      busybox:1.28
    Port:       <none>
    Host Port:  <none>
    Command:
      sh
      -c
      exit 2
    Environment:   <none>
    Mounts:        <none>
  Volumes:         <none>
  Node-Selectors:  <none>
  Tolerations:     <none>
Events:
  Type     Reason                Age   From            Message
  ----     ------                ----  ----            -------
  Normal   SuccessfulCreate      Ns    job-controller  Created pod: told-XXXXX
  Warning  BackoffLimitExceeded  Ns    job-controller  Job has reached the specified backoff limit
`
const podText = `Name:         told-XXXXX
Namespace:    default
Node:         local/127.0.0.1
Start Time:   TIME
Labels:       batch.kubernetes.io/controller-uid=UID
              batch.kubernetes.io/job-name=told
              controller-uid=UID
              job-name=told
Annotations:  <none>
Status:       Failed
IP:           127.0.0.1
IPs:
  IP:           127.0.0.1
Controlled By:  Job/told
Containers:
  main:
    Container ID:  jobledger://0-main-0
    Image:         busybox:1.28
    Image ID:      
    Port:          <none>
    Host Port:     <none>
    Command:
      sh
      -c
      exit 2
    State:          Terminated
      Reason:       Error
      Exit Code:    2
      Started:      TIME
      Finished:     TIME
    Ready:          False
    Restart Count:  0
    Environment:    <none>
    Mounts:         <none>
Conditions:
  Type              Status
  Initialized       True 
  Ready             False 
  ContainersReady   False 
  PodScheduled      True 
Volumes:            <none>
QoS Class:          BestEffort
Node-Selectors:     <none>
Tolerations:        <none>
Events:             <none>
`
