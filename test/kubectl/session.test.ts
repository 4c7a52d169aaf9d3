import { describe, expect, test } from 'vitest'
import { until } from '../cli/until.ts'
import { kubectlsHere, minorOf, missing } from './kubectls.ts'
import { jobOf, session } from './session.ts'

/** The newest kubectl of this machine and the one of Debian 12; all that are here with JOBLEDGER_TEST_KUBECTLS=all. */
const kubectls = kubectlsHere().filter(
  (one, place) => place === 0 || one.version === '1.20' || process.env['JOBLEDGER_TEST_KUBECTLS'] === 'all',
)

test.for(missing(kubectls))('there is no session: %s', (why, { skip }) => skip(why))

describe.each(kubectls)('a session with kubectl $version', { timeout: 60_000 }, (version) => {
  const minor = minorOf(version)
  const { kubectl, json, answer, file, env, served } = session(version)
  const names = async (...words: ReadonlyArray<string>) =>
    ((await json(...words)).items ?? []).map(({ metadata }) => metadata.name)
  const podsOf = (job: string) => names('get', 'pods', '-l', `job-name=${job}`)

  test('version', async () => {
    expect(await kubectl('version')).toMatch(/Server Version: .*v1\.36\.3/)
  })

  test('api-resources', async () => {
    const listed = await kubectl('api-resources', '--no-headers')
    expect(listed).toMatch(/^jobs +batch\/v1 +true +Job$/m)
    expect(listed).toMatch(/^cronjobs +cj +batch\/v1 +true +CronJob$/m)
    expect(listed).toMatch(/^pods +po +v1 +true +Pod$/m)
    expect(listed).toMatch(/^nodes +no +v1 +false +Node$/m)
    expect(listed).toMatch(/^leases +coordination\.k8s\.io\/v1 +true +Lease$/m)
  })

  test('explain', async () => {
    expect(await kubectl('explain', 'job.spec')).toMatch(/^ +parallelism\t<integer>$/m)
    expect(await kubectl('explain', 'cronjob', '--recursive')).toMatch(/^ +jobTemplate\t<(Object|JobTemplateSpec)>/m)
  })

  test('create', async () => {
    const created = await kubectl('create', '-f', file('pi.json', jobOf('pi', 'echo 3.14; sleep 1; echo 15')))
    expect(created).toBe('job.batch/pi created\n')
    const again = await answer('create', '-f', 'pi.json')
    expect(again.code).toBe(1)
    expect(again.err).toBe(
      'Error from server (AlreadyExists): error when creating "pi.json": jobs.batch "pi" already exists\n',
    )
  })

  test('logs -f, to the end of the Pod', async () => {
    // Of a Pod without a node there is nothing to follow.
    await until('the Pod has started', async () =>
      ((await json('get', 'pods', '-l', 'job-name=pi')).items ?? []).some(
        ({ status }) => status?.['phase'] !== 'Pending',
      ),
    )
    expect(await kubectl('logs', '-f', 'job/pi', '--pod-running-timeout=20s')).toBe('3.14\n15\n')
    const [pod = ''] = await podsOf('pi')
    expect(await kubectl('logs', pod, '--tail=1')).toBe('15\n')
    expect(await kubectl('logs', pod, '--timestamps')).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+\.\d+Z 3\.14$/m)
  })

  test('wait for complete', async () => {
    const waited = await kubectl('wait', '--for=condition=complete', 'job/pi', '--timeout=20s')
    expect(waited).toBe('job.batch/pi condition met\n')
  })

  test('get in every form', async () => {
    expect(await kubectl('get', 'jobs')).toMatch(
      /^NAME +STATUS +COMPLETIONS +DURATION +AGE\npi +Complete +1\/1 +\d+s +\d+s\n$/,
    )
    expect(await kubectl('get', 'job', 'pi', '-o', 'wide', '--no-headers')).toMatch(
      /^pi +Complete +1\/1 +\d+s +\d+s +main +busybox:1\.28 +batch\.kubernetes\.io\/controller-uid=[-0-9a-f]+\n$/,
    )
    expect(await kubectl('get', 'job/pi', '-o', 'name')).toBe('job.batch/pi\n')
    expect(await kubectl('get', 'job/pi', '-o', 'yaml')).toMatch(/^apiVersion: batch\/v1\nkind: Job\nmetadata:\n/)
    expect((await json('get', 'job/pi')).status).toMatchObject({ succeeded: 1, ready: 0 })
    expect(await kubectl('get', 'job/pi', '-o', 'jsonpath={.status.succeeded}')).toBe('1')
    expect(await kubectl('get', 'job/pi', '-o', 'go-template={{.metadata.name}}')).toBe('pi')
    expect(await kubectl('get', 'jobs', '-o', 'custom-columns=NAME:.metadata.name,DONE:.status.succeeded')).toBe(
      'NAME   DONE\npi     1\n',
    )
    expect(await kubectl('get', 'jobs', '--show-labels', '--no-headers')).toContain('batch.kubernetes.io/job-name=pi')
    expect(await kubectl('get', 'jobs', '-L', 'job-name', '--no-headers')).toMatch(/ pi\n$/)
    expect(await kubectl('get', 'pods', '--sort-by=.metadata.name', '--no-headers')).toMatch(
      /^pi-\w{5} +0\/1 +Completed +0 +\d+s\n$/,
    )
    expect(await kubectl('get', 'all', '-o', 'name')).toMatch(
      /^pod\/pi-\w{5}\n(service\/kubernetes\n)?job\.batch\/pi\n$/,
    )
    expect((await answer('get', 'job', 'nothing')).err).toBe(
      'Error from server (NotFound): jobs.batch "nothing" not found\n',
    )
  })

  test('get -w sees a Job from its first to its last state', async () => {
    const watching = kubectl('get', 'jobs', '-w', '--no-headers', '-l', 'run=watched', '--request-timeout=6s')
    const labelled = { ...jobOf('watched', 'true'), metadata: { name: 'watched', labels: { run: 'watched' } } }
    await kubectl('create', '-f', file('watched.json', labelled))
    const seen = await watching.catch(String)
    expect(seen).toMatch(/^watched +Running +0\/1 /m)
    expect(seen).toMatch(/^watched +Complete +1\/1 /m)
  })

  test('describe', async () => {
    const described = await kubectl('describe', 'job', 'pi')
    expect(described).toMatch(/^Name: +pi$/m)
    expect(described).toMatch(/^Pods Statuses: +0 (Running|Active \(0 Ready\)) \/ 1 Succeeded \/ 0 Failed$/m)
    expect(described).toMatch(/Normal +SuccessfulCreate +\d+s +job-controller +Created pod: pi-\w{5}\n/)
    expect(described).toMatch(/Normal +Completed +\d+s +job-controller +Job completed\n/)
    const [pod = ''] = await podsOf('pi')
    expect(await kubectl('describe', 'pod', pod)).toMatch(/^Controlled By: +Job\/pi$/m)
  })

  test('apply as the client does it', async () => {
    const applied = (spec: object) =>
      kubectl('apply', '-f', file('applied.json', jobOf('applied', 'true', { suspend: true, ...spec })))
    expect(await applied({})).toBe('job.batch/applied created\n')
    expect(await applied({})).toBe('job.batch/applied unchanged\n')
    expect(await applied({ parallelism: 3 })).toBe('job.batch/applied configured\n')
    expect((await json('get', 'job/applied')).spec).toMatchObject({ parallelism: 3 })
    expect(await applied({})).toBe('job.batch/applied configured\n')
    expect((await json('get', 'job/applied')).spec).toMatchObject({ parallelism: 1 })
    const diff = await answer(
      'diff',
      '-f',
      file('applied.json', jobOf('applied', 'true', { suspend: true, parallelism: 2 })),
    )
    expect(diff.code).toBe(1)
    expect(diff.out).toMatch(/^\+ +parallelism: 2$/m)
  })

  test('apply as the server does it', async () => {
    const applied = (spec: object, ...words: ReadonlyArray<string>) =>
      answer(
        'apply',
        '--server-side',
        // A part of a Job is no Job to clients that check what they send.
        '--validate=false',
        ...words,
        '-f',
        file('ssa.json', { ...jobOf('ssa', 'true', { suspend: true }), ...spec }),
      )
    expect(await applied({})).toMatchObject({ out: 'job.batch/ssa serverside-applied\n' })
    const more = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'ssa' },
      spec: { suspend: true, backoffLimit: 3 },
    }
    expect(await applied(more, '--field-manager=other')).toMatchObject({
      out: 'job.batch/ssa serverside-applied\n',
    })
    const against = { ...more, spec: { suspend: false } }
    const refused = await applied(against, '--field-manager=third')
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('Apply failed with 2 conflicts: conflicts with "kubectl"')
    expect(
      await applied(
        { ...more, spec: { suspend: true, backoffLimit: 4 } },
        '--field-manager=third',
        '--force-conflicts',
      ),
    ).toMatchObject({
      code: 0,
    })
    expect((await json('get', 'job/ssa')).spec).toMatchObject({ backoffLimit: 4, suspend: true })
  })

  test('dry runs change nothing', async () => {
    file('dry.json', jobOf('dry', 'true'))
    expect(await kubectl('create', '--dry-run=server', '-f', 'dry.json')).toBe(
      'job.batch/dry created (server dry run)\n',
    )
    expect(await kubectl('apply', '--dry-run=server', '-f', 'dry.json')).toBe(
      'job.batch/dry created (server dry run)\n',
    )
    expect((await answer('get', 'job/dry')).code).toBe(1)
  })

  test('a field that nobody knows is refused', async () => {
    const { code, err } = await answer('create', '-f', file('odd.json', jobOf('odd', 'true', { paralelism: 2 })))
    expect(code).toBe(1)
    expect(err).toMatch(/unknown field "(spec\.)?paralelism"/)
  })

  test('scale, patch, edit, annotate, label', async () => {
    await kubectl(
      'create',
      '-f',
      file('changed.json', jobOf('changed', 'true', { suspend: true, completions: 4, parallelism: 1 })),
    )
    expect(await kubectl('scale', '--replicas=2', 'job/changed')).toBe('job.batch/changed scaled\n')
    expect(await kubectl('patch', 'job/changed', '-p', '{"spec":{"backoffLimit":1}}')).toBe(
      'job.batch/changed patched\n',
    )
    expect(await kubectl('patch', 'job/changed', '--type=merge', '-p', '{"spec":{"activeDeadlineSeconds":600}}')).toBe(
      'job.batch/changed patched\n',
    )
    expect(
      await kubectl(
        'patch',
        'job/changed',
        '--type=json',
        '-p',
        '[{"op":"replace","path":"/spec/parallelism","value":3}]',
      ),
    ).toBe('job.batch/changed patched\n')
    const editor = file('editor.sh', '#!/bin/sh\nsed -i "s/backoffLimit: 1/backoffLimit: 2/" "$1"\n')
    env['KUBE_EDITOR'] = `sh ${editor}`
    expect(await kubectl('edit', 'job/changed')).toBe('job.batch/changed edited\n')
    expect(await kubectl('annotate', 'job/changed', 'why=because')).toMatch(/^job.batch\/changed annotate[d]?\n$/)
    expect(await kubectl('label', 'job/changed', 'team=blue')).toBe('job.batch/changed labeled\n')
    expect(await kubectl('label', 'job/changed', 'team-')).toMatch(/^job.batch\/changed (unlabeled|labeled)\n$/)
    const { metadata, spec } = await json('get', 'job/changed')
    expect(spec).toMatchObject({ parallelism: 3, backoffLimit: 2, activeDeadlineSeconds: 600 })
    expect(metadata.annotations).toMatchObject({ why: 'because' })
    expect(metadata.labels).not.toHaveProperty('team')
    const forbidden = await answer('patch', 'job/changed', '-p', '{"spec":{"completions":5}}')
    expect(forbidden.err).toMatch(
      /^The Job "changed" is invalid: spec\.completions: Invalid value: .*: field is immutable\n$/s,
    )
  })

  test('replace', async () => {
    expect(await kubectl('replace', '-f', file('changed.json', await json('get', 'job/changed')))).toBe(
      'job.batch/changed replaced\n',
    )
  })

  test('create cronjob, create job --from=cronjob', async () => {
    expect(
      await kubectl(
        'create',
        'cronjob',
        'nightly',
        '--image=busybox',
        '--schedule=0 3 * * *',
        '--',
        'echo',
        'good night',
      ),
    ).toMatch(/^cronjob\.batch\/nightly created\n$/)
    expect(await kubectl('get', 'cronjobs', '--no-headers')).toMatch(
      /^nightly +0 3 \* \* \* +<none> +False +0 +<none> +\d+s\n$/,
    )
    // This kubectl has no CronJob but the one of batch/v1beta1.
    const cronjob = minor <= 20 ? 'cronjobs.v1beta1.batch' : 'cronjob'
    expect(await kubectl('create', 'job', 'now', `--from=${cronjob}/nightly`)).toBe('job.batch/now created\n')
    await kubectl('wait', '--for=condition=complete', 'job/now', '--timeout=20s')
    expect(await kubectl('logs', 'job/now')).toBe('good night\n')
    const { metadata } = await json('get', 'job/now')
    expect(metadata.annotations).toMatchObject({ 'cronjob.kubernetes.io/instantiate': 'manual' })
    expect(metadata.ownerReferences).toMatchObject([{ name: 'nightly' }])
    expect(await kubectl('describe', cronjob, 'nightly')).toMatch(/^Schedule: +0 3 \* \* \*$/m)
    expect(await kubectl('create', 'job', 'plain', '--image=busybox', '--', 'true')).toBe('job.batch/plain created\n')
  })

  test('delete with the three cascades, and wait for delete', async () => {
    for (const name of ['background', 'foreground', 'orphan']) {
      await kubectl('create', '-f', file(`${name}.json`, jobOf(name, 'sleep 60')))
      await kubectl('wait', '--for=condition=Ready', 'pod', '-l', `job-name=${name}`, '--timeout=20s').catch(() =>
        podsOf(name),
      )
    }
    const gone = (name: string) =>
      kubectl('wait', '--for=delete', 'pod', '-l', `job-name=${name}`, '--timeout=20s').catch(() => '')
    expect(await kubectl('delete', 'job', 'background')).toContain('job.batch "background" deleted')
    await gone('background')
    expect(await podsOf('background')).toStrictEqual([])
    expect(await kubectl('delete', 'job', 'foreground', '--cascade=foreground')).toContain(
      'job.batch "foreground" deleted',
    )
    expect(await podsOf('foreground')).toStrictEqual([])
    expect(await kubectl('delete', 'job', 'orphan', '--cascade=orphan')).toContain('job.batch "orphan" deleted')
    const [orphan = ''] = await podsOf('orphan')
    expect((await json('get', 'pod', orphan)).metadata).not.toHaveProperty('ownerReferences')
    await kubectl('delete', 'pod', orphan, '--now')
    expect(await podsOf('orphan')).toStrictEqual([])
  })

  test('events', async () => {
    expect(await kubectl('get', 'events')).toMatch(/^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/)
    const ofPi = await kubectl(
      'get',
      'events',
      '--field-selector',
      'involvedObject.name=pi,involvedObject.kind=Job',
      '--no-headers',
    )
    expect(ofPi).toMatch(/Normal +Completed +job\/pi +Job completed\n/)
    if (minor >= 26)
      expect(await kubectl('events', '--for', 'job/pi')).toMatch(/Normal +Completed +Job\/pi +Job completed\n/)
  })

  test('auth can-i', async () => {
    expect(await kubectl('auth', 'can-i', 'create', 'jobs')).toBe('yes\n')
    expect(await kubectl('auth', 'can-i', '--list')).toMatch(/^\*\.\* +\[\] +\[\] +\[\*\]/m)
    if (minor >= 28) expect(await kubectl('auth', 'whoami')).toMatch(/^Username +\S+$/m)
  })

  test('config maps and secrets', async () => {
    expect(await kubectl('create', 'configmap', 'settings', '--from-literal=colour=blue')).toBe(
      'configmap/settings created\n',
    )
    expect(await kubectl('create', 'secret', 'generic', 'key', '--from-literal=word=sesame')).toBe(
      'secret/key created\n',
    )
    expect(await kubectl('get', 'configmap', 'settings', '--no-headers')).toMatch(/^settings +1 +\d+s\n$/)
    expect(await kubectl('get', 'secret', 'key', '-o', 'jsonpath={.data.word}')).toBe(btoa('sesame'))
  })

  test('drain of a node', async () => {
    await kubectl('create', '-f', file('moved.json', jobOf('moved', 'sleep 60')))
    const [node = ''] = await names('get', 'nodes')
    expect(await kubectl('cordon', node)).toBe(`node/${node} cordoned\n`)
    expect(await kubectl('get', 'nodes', '--no-headers')).toMatch(/ Ready,SchedulingDisabled +/)
    const drained = await kubectl('drain', node, '--timeout=30s', '--force')
    expect(drained).toMatch(new RegExp(`^node/${node} (drained|evicted)\\n$`, 'm'))
    const pods = (await json('get', 'pods', '-l', 'job-name=moved')).items ?? []
    expect(pods.filter(({ status }) => status?.['phase'] === 'Running')).toStrictEqual([])
    expect(await kubectl('uncordon', node)).toBe(`node/${node} uncordoned\n`)
    await kubectl('delete', 'job', 'moved')
  })

  test('cluster-info, and the health of the server', async () => {
    expect(await kubectl('get', '--raw', '/readyz')).toBe('ok')
    expect(await kubectl('get', '--raw', '/metrics')).toContain('job_controller_')
    expect(served().address).toMatch(/^https:/)
    expect(await kubectl('cluster-info')).toContain('is running at')
  })
})
