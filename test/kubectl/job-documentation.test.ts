import { describe, expect, test } from 'vitest'
import { kubectlsHere, missing } from './kubectls.ts'
import { jobOf, session } from './session.ts'

const newest = kubectlsHere().slice(0, 1)

const pi = `apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  template:
    spec:
      containers:
      - name: pi
        image: perl:5.34.0
        command: ["perl",  "-Mbignum=bpi", "-wle", "print bpi(2000)"]
      restartPolicy: Never
  backoffLimit: 4
`

test.for(newest.length === 0 ? missing([]).slice(0, 1) : [])('the documentation is not tried: %s', (why, { skip }) =>
  skip(why),
)

describe.each(newest)('what the documentation of Jobs shows, to kubectl $version', { timeout: 60_000 }, (version) => {
  const { kubectl, json, file } = session(version)
  const podsOf = async (job: string) =>
    (await kubectl('get', 'pods', `--selector=job-name=${job}`, '--output=jsonpath={.items..metadata.name}'))
      .split(' ')
      .filter((name) => name !== '')
  const conditionsOf = async (job: string) =>
    kubectl('get', `job/${job}`, '-o', 'jsonpath={range .status.conditions[*]}{.type}={.status} {end}')

  test('the Job that computes pi', async () => {
    expect(await kubectl('create', '-f', file('job.yaml', pi))).toBe('job.batch/pi created\n')
    await kubectl('wait', '--for=condition=complete', 'job/pi', '--timeout=40s')
    const described = await kubectl('describe', 'jobs/pi')
    expect(described).toMatch(/^Pods Statuses: +0 Active \(0 Ready\) \/ 1 Succeeded \/ 0 Failed$/m)
    expect(described).toMatch(/Normal +SuccessfulCreate +\d+s +job-controller +Created pod: pi-\w{5}/)
    const pods = await podsOf('pi')
    expect(pods).toStrictEqual([expect.stringMatching(/^pi-\w{5}$/)])
    expect(await kubectl('logs', ...pods)).toMatch(/^3\.14159265358979\d{1985,}\n$/)
    expect(await kubectl('logs', 'jobs/pi')).toBe(await kubectl('logs', ...pods))
  })

  test('scaling by parallelism', async () => {
    await kubectl('create', '-f', file('wide.json', jobOf('wide', 'sleep 30', { completions: 8, parallelism: 1 })))
    await kubectl('patch', 'job/wide', '-p', '{"spec":{"parallelism":3}}')
    await kubectl('wait', '--for=jsonpath={.status.active}=3', 'job/wide', '--timeout=20s')
    expect(await podsOf('wide')).toHaveLength(3)
    await kubectl('patch', 'job/wide', '-p', '{"spec":{"parallelism":0}}')
    await kubectl('wait', '--for=delete', 'pod', '-l', 'job-name=wide', '--timeout=20s')
    expect(await podsOf('wide')).toStrictEqual([])
    await kubectl('delete', 'job/wide')
  })

  test('suspending and resuming', async () => {
    await kubectl('create', '-f', file('myjob.json', jobOf('myjob', 'sleep 30', { parallelism: 2, completions: 2 })))
    await kubectl('wait', '--for=jsonpath={.status.ready}=2', 'job/myjob', '--timeout=20s')
    const suspended = await kubectl('patch', 'job/myjob', '--type=strategic', '--patch', '{"spec":{"suspend":true}}')
    expect(suspended).toBe('job.batch/myjob patched\n')
    await kubectl('wait', '--for=condition=Suspended', 'job/myjob', '--timeout=20s')
    await kubectl('wait', '--for=delete', 'pod', '-l', 'job-name=myjob', '--timeout=20s')
    await kubectl('patch', 'job/myjob', '--type=strategic', '--patch', '{"spec":{"suspend":false}}')
    await kubectl('wait', '--for=jsonpath={.status.ready}=2', 'job/myjob', '--timeout=20s')
    expect(await conditionsOf('myjob')).toBe('Suspended=False ')
    const described = await kubectl('describe', 'jobs/myjob')
    expect(described).toMatch(/Normal +Suspended +\S+ +job-controller +Job suspended/)
    expect(described).toMatch(/Normal +Resumed +\S+ +job-controller +Job resumed/)
    await kubectl('delete', 'job/myjob')
  })

  test('an own Pod selector: the Pods of a Job that goes are taken over by another one', async () => {
    await kubectl('create', '-f', file('old.json', jobOf('old', 'sleep 60', { parallelism: 2, completions: 2 })))
    await kubectl('wait', '--for=jsonpath={.status.ready}=2', 'job/old', '--timeout=20s')
    const { metadata } = await json('get', 'job/old')
    const pods = await podsOf('old')
    expect(await kubectl('delete', 'jobs/old', '--cascade=orphan')).toContain('job.batch "old" deleted')
    const owned = { 'batch.kubernetes.io/controller-uid': metadata.uid, 'job-name': 'old' }
    const { spec } = jobOf('new', 'sleep 60')
    const taking = {
      ...jobOf('new', 'sleep 60'),
      spec: {
        parallelism: 2,
        completions: 2,
        manualSelector: true,
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': metadata.uid } },
        template: { ...spec.template, metadata: { labels: owned } },
      },
    }
    expect(await kubectl('create', '-f', file('new.json', taking))).toBe('job.batch/new created\n')
    await kubectl('wait', '--for=jsonpath={.status.active}=2', 'job/new', '--timeout=20s')
    const { items = [] } = await json('get', 'pods', '-l', `batch.kubernetes.io/controller-uid=${metadata.uid}`)
    expect(items.map(({ metadata: { name } }) => name)).toStrictEqual(pods)
    const { uid } = (await json('get', 'job/new')).metadata
    for (const pod of items) expect(pod.metadata.ownerReferences).toMatchObject([{ name: 'new', uid }])
  })
})
