import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import type { JobObject } from '../../src/domain/kubernetes/job-object.ts'
import { test } from '../support/jobledger.ts'
import { age, cells, masked } from './tables.ts'

const podOf = (name: string) => new RegExp(`^${name}-[b-df-hj-np-tv-z2-9]{5}$`)

describe.concurrent('jobledger get', { timeout: 60_000 }, () => {
  test('prints Jobs and Pods as kubectl does, in every form', async ({ jobledger, expect }) => {
    expect(await jobledger.run('get', 'jobs')).toStrictEqual({
      code: 0,
      signal: null,
      out: '',
      err: 'No resources found in default namespace.\n',
    })
    expect(await jobledger.run('run', '-f', jobledger.manifest('good', 'true'))).toMatchObject({ code: 0 })
    const bad = jobledger.manifest('bad', 'exit 1', { backoffLimit: 1, completions: 2, parallelism: 1 })
    expect(await jobledger.run('run', '-f', bad, '-n', 'team', '--pod-backoff', '0.1')).toMatchObject({ code: 1 })
    const [jobs, pods, wide, widePods, named, everything, everywhere, bare, selected, none, partly] = await Promise.all(
      [
        jobledger.ask('get', 'jobs'),
        jobledger.ask('get', 'po', '-n', 'team'),
        jobledger.ask('get', 'job', '-o', 'wide'),
        jobledger.ask('get', 'pods', '-o', 'wide'),
        jobledger.ask('get', 'jobs,pods', '-o', 'name'),
        jobledger.ask('get', 'all'),
        jobledger.ask('get', 'jobs', '-A'),
        jobledger.ask('get', 'job/good', '--no-headers'),
        jobledger.ask('get', 'pods', '-A', '-o', 'name', '-l', 'job-name in (bad,worse),!team'),
        jobledger.run('get', 'pods', '-l', 'job-name!=good'),
        jobledger.run('get', 'job', 'good', 'nope'),
      ],
    )
    expect(cells(jobs)).toStrictEqual([
      ['NAME', 'STATUS', 'COMPLETIONS', 'DURATION', 'AGE'],
      ['good', 'Complete', '1/1', expect.stringMatching(age), expect.stringMatching(age)],
    ])
    const failed = [expect.stringMatching(podOf('bad')), '0/1', 'Error', '0', expect.stringMatching(age)]
    expect(cells(pods)).toStrictEqual([['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'], failed, failed])
    expect(cells(masked(wide))).toStrictEqual([
      ['NAME', 'STATUS', 'COMPLETIONS', 'DURATION', 'AGE', 'CONTAINERS', 'IMAGES', 'SELECTOR'],
      [
        'good',
        'Complete',
        '1/1',
        expect.stringMatching(age),
        expect.stringMatching(age),
        'main',
        'busybox:1.28',
        'batch.kubernetes.io/controller-uid=UID',
      ],
    ])
    expect(cells(masked(widePods))).toStrictEqual([
      ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'],
      ['good-XXXXX', '0/1', 'Completed', '0', expect.stringMatching(age), '127.0.0.1', 'local', '<none>', '<none>'],
    ])
    expect(masked(named)).toBe('job.batch/good\npod/good-XXXXX\n')
    expect(cells(masked(everything)).map(([first]) => first)).toStrictEqual([
      'NAME',
      'pod/good-XXXXX',
      '',
      'NAME',
      'job.batch/good',
    ])
    expect(cells(everywhere)).toStrictEqual([
      ['NAMESPACE', 'NAME', 'STATUS', 'COMPLETIONS', 'DURATION', 'AGE'],
      ['default', 'good', 'Complete', '1/1', expect.stringMatching(age), expect.stringMatching(age)],
      ['team', 'bad', 'Failed', '0/2', expect.stringMatching(age), expect.stringMatching(age)],
    ])
    expect(bare).toMatch(/^good +Complete +1\/1 +\d+s +\d+s\n$/)
    expect(masked(selected)).toBe('pod/bad-XXXXX\npod/bad-XXXXX\n')
    expect(none).toMatchObject({ code: 0, out: '', err: 'No resources found in default namespace.\n' })
    expect(partly).toMatchObject({ code: 1, err: 'error: jobs.batch "nope" not found\n' })
    expect(cells(partly.out)).toHaveLength(2)

    const [yaml, one, list, empty] = await Promise.all([
      jobledger.ask('get', 'job/good', '-o', 'yaml'),
      jobledger.getJob('good'),
      jobledger.json('get', 'jobs', '-A'),
      jobledger.json('get', 'pods', '-n', 'nobody'),
    ])
    expect(masked(yaml)).toBe(goodYaml)
    expect(one).toMatchObject({ apiVersion: 'batch/v1', kind: 'Job', status: { succeeded: 1 } })
    expect(list).toMatchObject({ apiVersion: 'v1', kind: 'List' })
    expect((list as { items: ReadonlyArray<JobObject> }).items.map(({ metadata }) => metadata.name)).toStrictEqual([
      'good',
      'bad',
    ])
    expect(empty).toMatchObject({ kind: 'List', items: [] })
  })

  test('-w prints each change of the Pods while another terminal runs their Job, until Ctrl-C', async ({
    jobledger,
    expect,
  }) => {
    const signs = join(jobledger.folder, 'signs')
    mkdirSync(signs)
    const main = {
      name: 'main',
      image: 'busybox',
      command: ['sh', '-c', 'until test -e /signs/go; do sleep 0.1; done'],
      volumeMounts: [{ name: 'signs', mountPath: '/signs' }],
    }
    const volumes = [{ name: 'signs', hostPath: { path: signs } }]
    const template = { spec: { containers: [main], volumes, restartPolicy: 'Never' } }
    const runs = jobledger.start(['run', '-f', jobledger.manifest('seen', '', { template })])
    await runs.says('1 active')
    const pods = jobledger.start(['get', 'pods', '-w'])
    const json = jobledger.start(['get', 'job/seen', '-w', '-o', 'name'])
    await Promise.all([pods.says('Running'), json.says('job.batch/seen')])
    writeFileSync(join(signs, 'go'), '')
    await pods.says('Completed')
    expect(await runs.ended).toMatchObject({ code: 0 })
    pods.signal('SIGINT')
    json.signal('SIGTERM')
    const { code, out } = await pods.ended
    expect(code).toBe(0)
    const [header, ...rows] = cells(masked(out))
    expect(header).toStrictEqual(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'])
    expect(new Set(rows.map(([name]) => name))).toStrictEqual(new Set(['seen-XXXXX']))
    expect(rows.map(([, , status]) => status).at(-1)).toBe('Completed')
    expect(rows.length).toBeGreaterThan(1)
    expect((await json.ended).out).toMatch(/^(job\.batch\/seen\n)+$/)
  })
})

const goodYaml = `apiVersion: batch/v1
kind: Job
metadata:
  creationTimestamp: "TIME"
  generation: 1
  labels:
    batch.kubernetes.io/controller-uid: UID
    batch.kubernetes.io/job-name: good
    controller-uid: UID
    job-name: good
  name: good
  namespace: default
  resourceVersion: "NUMBER"
  uid: UID
spec:
  backoffLimit: 6
  completionMode: NonIndexed
  completions: 1
  manualSelector: false
  parallelism: 1
  podReplacementPolicy: TerminatingOrFailed
  selector:
    matchLabels:
      batch.kubernetes.io/controller-uid: UID
  suspend: false
  template:
    metadata:
      labels:
        batch.kubernetes.io/controller-uid: UID
        batch.kubernetes.io/job-name: good
        controller-uid: UID
        job-name: good
    spec:
      containers:
      - command:
        - sh
        - -c
        - "true"
        image: busybox:1.28
        imagePullPolicy: IfNotPresent
        name: main
        resources: {}
        terminationMessagePath: /dev/termination-log
        terminationMessagePolicy: File
      dnsPolicy: ClusterFirst
      restartPolicy: Never
      schedulerName: default-scheduler
      securityContext: {}
      terminationGracePeriodSeconds: 2
status:
  completionTime: "TIME"
  conditions:
  - lastProbeTime: "TIME"
    lastTransitionTime: "TIME"
    message: Reached expected number of succeeded pods
    reason: CompletionsReached
    status: "True"
    type: SuccessCriteriaMet
  - lastProbeTime: "TIME"
    lastTransitionTime: "TIME"
    message: Reached expected number of succeeded pods
    reason: CompletionsReached
    status: "True"
    type: Complete
  ready: 0
  startTime: "TIME"
  succeeded: 1
  terminating: 0
  uncountedTerminatedPods: {}
`
