import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeMemoryFolder } from '../../../../src/adapters/runtimes/sandbox/memory-folder.ts'
import type { SandboxOptions } from '../../../../src/adapters/runtimes/sandbox/sandbox-runtime.ts'
import { isAlive } from '../../../support/processes.ts'
import { type Bench, bubblewrapWorks, eventually, helperOf, modes, openBench, processesWith, sh } from './bench.ts'

let bench: Bench
let unique = 0
/** A number of seconds nobody else sleeps: how a process of this test is told from all others. */
const longTime = () => `61.${process.pid}${unique++}`

describe.each(modes)('in %s mode', (mode) => {
  beforeAll(async () => {
    bench = await openBench(mode, { backoffBaseMs: 200 })
  })
  afterEach(() => {
    bench.confirming = true
  })
  afterAll(() => bench.close())

  test.each([0, 1, 42, 255])('exit code %i is told', async (exitCode) => {
    const pod = bench.start({ containers: [sh(`exit ${exitCode}`)] })
    await pod.end()
    expect(pod.all('ContainerExited')).toMatchObject([{ exitCode, signal: 0 }])
  })

  test('who dies of a signal exits with 128 and its number', async () => {
    // Kubernetes reads $$ as one dollar sign.
    const pod = bench.start({ containers: [sh('kill -s USR1 $$$$')] })
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', exitCode: 138 })
  })

  test('stopping kills what ignores SIGTERM, with a daemon that left group, session and parents', async () => {
    const [mine, daemons] = [longTime(), longTime()]
    const script = `(setsid sh -c 'trap "" TERM HUP; sleep ${daemons}' &) ; trap '' TERM; sleep ${mine}; sleep ${mine}`
    const pod = bench.start({ containers: [sh(script)] })
    await eventually(
      () => processesWith(daemons) > 0 && processesWith(mine) > 0,
      () => 'both sleeps',
    )
    bench.runtime.stop(pod.pod, 1)
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', exitCode: 137 })
    expect([processesWith(mine), processesWith(daemons)]).toStrictEqual([0, 0])
    expect(pod.all('ContainerExited')).toMatchObject([{ signal: 9, reason: 'Error' }])
  })

  test('a daemon does not outlive process 1', async () => {
    const daemon = longTime()
    const pod = bench.start({ containers: [sh(`setsid sleep ${daemon} > /dev/null 2>&1 & sleep 0.1; exit 0`)] })
    expect(await pod.end()).toMatchObject({ type: 'PodSucceeded' })
    expect(processesWith(daemon)).toBe(0)
  })

  test('only process 1 gets SIGTERM', async () => {
    const script = `sh -c 'trap "echo child-got-it" TERM; sleep 0.6; echo child-done' & trap 'wait; wait; exit 0' TERM; echo up; wait`
    const pod = bench.start({ containers: [sh(script)] })
    await eventually(
      () => bench.logOf(pod).includes('up'),
      () => 'the trap',
    )
    bench.runtime.stop(pod.pod, 10)
    expect(await pod.end()).toMatchObject({ type: 'PodSucceeded' })
    expect(bench.logOf(pod)).toBe('up\nchild-done\n')
  })

  test.each<[what: string, own: ReadonlyArray<{ name: string; value: string }>]>([
    ['no variables of its own', []],
    ['an index', [{ name: 'JOB_COMPLETION_INDEX', value: '3' }]],
    [
      'variables that mean something to a shell',
      [
        { name: 'IFS', value: '/' },
        { name: 'UID', value: 'x y' },
      ],
    ],
    [
      'variables no shell could set',
      [
        { name: 'a.b-c', value: '' },
        { name: '-i', value: "'\n" },
      ],
    ],
  ])('nothing of the environment of jobledger is inherited by a container with %s', async (_, env) => {
    process.env['JOBLEDGER_TEST_LEAK'] = 'leaked'
    const pod = bench.start({ containers: [{ name: 'main', image: 'i', command: ['/usr/bin/env', '-0'], env }] })
    await pod.end()
    delete process.env['JOBLEDGER_TEST_LEAK']
    const names = bench.logOf(pod).split('\0').slice(0, -1).toSorted()
    const marks = names.filter((line) => line.startsWith('JOBLEDGER_'))
    expect(names.filter((line) => !line.startsWith('JOBLEDGER_'))).toStrictEqual(
      [
        ...env.map(({ name, value }) => `${name}=${value}`),
        'HOME=/tmp',
        `HOSTNAME=${pod.pod.name}`,
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ].toSorted(),
    )
    expect(marks).toStrictEqual(
      mode === 'process' ? ['JOBLEDGER_CONTAINER=0.0', `JOBLEDGER_POD_UID=${pod.pod.uid}`] : [],
    )
  })

  test('no descriptor but the standard ones is open', async () => {
    const pod = bench.start({ containers: [{ name: 'main', image: 'i', command: ['/bin/ls', '/proc/self/fd'] }] })
    await pod.end()
    expect(bench.logOf(pod)).toBe('0\n1\n2\n3\n')
  })

  test('variables are expanded in command and arguments', async () => {
    const container = { ...sh('echo "$0" "$1"'), args: ['$(A)', '$$(A) $(B)'], env: [{ name: 'A', value: 'one' }] }
    const pod = bench.start({ containers: [container] })
    await pod.end()
    expect(bench.logOf(pod)).toBe('one $(A) $(B)\n')
  })

  test('code in variables runs only after the process was confirmed', async () => {
    bench.confirming = false
    const env = [{ name: 'LD_PRELOAD', value: '/nowhere/evil.so' }]
    const pod = bench.start({ containers: [sh('true', { env })] })
    await pod.told('ProcessStarted')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(bench.logOf(pod)).toBe('')
    bench.runtime.confirm(pod.pod, 0, 0)
    await pod.end()
    expect(bench.logOf(pod)).toMatch('evil.so')
  })

  test('/dev/stdout and /dev/stderr can be written to', async () => {
    const pod = bench.start({ containers: [sh('echo out > /dev/stdout; echo err > /dev/stderr')] })
    await pod.end()
    expect(bench.logOf(pod).split('\n').toSorted()).toStrictEqual(['', 'err', 'out'])
  })

  test('the end of a container tells length and digest of its log', async () => {
    const pod = bench.start({ containers: [sh('i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done')] })
    await pod.end()
    const log = readFileSync(join(bench.dataFolder, 'logs', pod.pod.uid.replace('/', '%2f'), 'main', '0.log'))
    expect(bench.logOf(pod).split('\n')).toHaveLength(2001)
    expect(pod.all('ContainerExited')).toMatchObject([
      { logBytes: log.length, logSha256: createHash('sha256').update(log).digest('hex') },
    ])
  })

  test('a container with arguments alone runs them, as if its image had no entry point', async () => {
    const pod = bench.start({ containers: [{ name: 'main', image: 'busybox', args: ['sh', '-c', 'exit 7'] }] })
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', exitCode: 7 })
  })

  test('a container without command and arguments fails and says that images are not pulled', async () => {
    const pod = bench.start({ containers: [{ name: 'main', image: 'busybox' }] })
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', exitCode: 128 })
    expect(pod.all('ContainerExited')).toMatchObject([{ reason: 'StartError', exitCode: 128 }])
    expect(pod.all('MessageRecorded')[0]?.message).toMatch('image "busybox" is not pulled')
  })

  test.each([
    ['a program that is not there', ['no-such-program'], {}, '"no-such-program" is no executable file'],
    ['a path that is not there', ['/no/such/program'], {}, '"/no/such/program" is no executable file'],
    ['a builtin of the shell', ['cd', '/'], {}, '"cd" is no executable file'],
    ['a folder', ['/usr'], {}, '"/usr" is no executable file'],
    ['a working directory that is not there', ['true'], { workingDir: '/no/folder' }, '"/no/folder" does not exist'],
  ])('%s is a StartError', async (_, command, over, message) => {
    const pod = bench.start({ containers: [{ name: 'main', image: 'i', command, ...over }] })
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', exitCode: 128 })
    expect(pod.all('ContainerExited')).toMatchObject([{ reason: 'StartError' }])
    expect(pod.all('MessageRecorded')[0]?.message).toMatch(message)
  })

  test('a program may have an equals sign in its name', async () => {
    writeFileSync(join(bench.folder, 'a=b'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 })
    const volumes = [{ name: 'v', hostPath: { path: bench.folder } }]
    const container = { name: 'main', image: 'i', command: [join(bench.folder, 'a=b'), 'c=d'] }
    const pod = bench.start({
      volumes,
      containers: [{ ...container, volumeMounts: [{ name: 'v', mountPath: bench.folder }] }],
    })
    await pod.end()
    expect(bench.logOf(pod)).toBe('c=d\n')
  })

  test('init containers run one after the other, then the app containers', async () => {
    const initContainers = [sh('sleep 0.1', { name: 'first' }), sh('exit 0', { name: 'second' })]
    const pod = bench.start({ initContainers, containers: [sh('exit 0'), sh('exit 0', { name: 'other' })] })
    expect(await pod.end()).toMatchObject({ type: 'PodSucceeded' })
    const order = pod.story.flatMap((one) =>
      one.type === 'ProcessStarted' || one.type === 'ContainerExited' ? `${one.type} ${one.container}` : [],
    )
    expect(order.slice(0, 4)).toStrictEqual([
      'ProcessStarted 0',
      'ContainerExited 0',
      'ProcessStarted 1',
      'ContainerExited 1',
    ])
    expect(order.slice(4).toSorted()).toStrictEqual([
      'ContainerExited 2',
      'ContainerExited 3',
      'ProcessStarted 2',
      'ProcessStarted 3',
    ])
  })

  test('a failed init container fails the Pod before any app container', async () => {
    const pod = bench.start({ initContainers: [sh('exit 5', { name: 'first' })], containers: [sh('exit 0')] })
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', exitCode: 5 })
    expect(pod.all('ProcessStarted')).toHaveLength(1)
    expect(pod.all('PodStarted')).toHaveLength(0)
  })

  test('a sidecar runs beside the app container and ends after it', async () => {
    const sidecar = sh(`trap 'echo bye; exit 3' TERM; while :; do sleep 0.02; done`, {
      name: 'side',
      restartPolicy: 'Always',
    })
    const pod = bench.start({ initContainers: [sidecar], containers: [sh('sleep 0.3')] })
    expect(await pod.end()).toMatchObject({ type: 'PodSucceeded' })
    expect(pod.all('ContainerExited')).toMatchObject([
      { container: 1, exitCode: 0 },
      { container: 0, exitCode: 3 },
    ])
    expect(bench.logOf(pod, 'side')).toBe('bye\n')
  })

  test('OnFailure restarts in place: at once, then after the back-off', async () => {
    const pod = bench.start({ restartPolicy: 'OnFailure', containers: [sh('exit 4')] })
    const waiting = await pod.told('ContainerWaiting')
    await pod.told('ContainerExited', ({ restart }) => restart === 2)
    expect(waiting).toMatchObject({
      container: 0,
      restart: 2,
      reason: 'CrashLoopBackOff',
      backoffMs: 200,
      until: waiting.at + 200,
    })
    const third = pod.all('ProcessStarted')[2]
    expect(third?.at).toBeGreaterThanOrEqual(waiting.at + 199)
    expect(
      pod
        .all('ContainerExited')
        .map(({ restart, exitCode }) => [restart, exitCode])
        .slice(0, 2),
    ).toStrictEqual([
      [0, 4],
      [1, 4],
    ])
    expect(pod.all('PodStarted')).toHaveLength(1)
    bench.runtime.stop(pod.pod, 0)
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', exitCode: 4 })
  })

  test('FallbackToLogsOnError takes the end of the log as last words', async () => {
    const script = 'i=0; while [ $i -lt 100 ]; do echo line $i; i=$((i+1)); done; exit 1'
    const pod = bench.start({ containers: [sh(script, { terminationMessagePolicy: 'FallbackToLogsOnError' })] })
    await pod.end()
    const message = pod.all('MessageRecorded')[0]?.message ?? ''
    expect(message.split('\n')[0]).toBe('line 20')
    expect(message.endsWith('line 99\n')).toBe(true)
  })

  test('a Pod is ended when its deadline passes', async () => {
    const pod = bench.start({ activeDeadlineSeconds: 1, containers: [sh(`exec sleep ${longTime()}`)] })
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', reason: 'DeadlineExceeded', exitCode: 143 })
  })

  test('a reference to a secret keeps the container waiting, and stopping ends the Pod', async () => {
    const env = [{ name: 'S', valueFrom: { secretKeyRef: { name: 'token', key: 'k' } } }]
    const pod = bench.start({ containers: [sh('true', { env })] })
    expect(await pod.told('ContainerWaiting')).toMatchObject({
      reason: 'CreateContainerConfigError',
      until: null,
      restart: 0,
    })
    expect(pod.all('MessageRecorded')[0]?.message).toMatch('secret "token" not found')
    bench.runtime.stop(pod.pod, 30)
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', reason: null, exitCode: null })
    expect(pod.all('ProcessStarted')).toHaveLength(0)
  })

  test('when the helper dies, its Pods are lost, nothing is left of them, and the next Pod runs', async () => {
    const mine = longTime()
    const pod = bench.start({ containers: [sh(`echo said; setsid sleep ${mine} & sleep ${mine}`)] })
    await eventually(
      () => processesWith(mine) === 2 && bench.logOf(pod).includes('said'),
      () => 'the sleeps',
    )
    process.kill(helperOf(bench.dataFolder), 'SIGKILL')
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', reason: 'NodeLost' })
    expect(pod.all('ContainerExited')).toMatchObject([{ exitCode: 137, reason: 'ContainerStatusUnknown' }])
    expect(pod.all('ContainerExited')[0]?.logBytes).toBeGreaterThan(0)
    expect(processesWith(mine)).toBe(0)
    const next = bench.start({ containers: [sh('exit 0')] })
    expect(await next.end()).toMatchObject({ type: 'PodSucceeded' })
  })

  test('the folder of a Pod is gone after its end, its logs stay', async () => {
    const pod = bench.start({ containers: [sh('echo kept')] })
    await pod.end()
    await eventually(
      () => !existsSync(join(bench.dataFolder, 'pods', pod.pod.uid.replace('/', '%2f'))),
      () => 'the folder to go',
    )
    expect(bench.logOf(pod)).toBe('kept\n')
    expect(statSync(bench.dataFolder).mode & 0o777).toBe(0o700)
  })
})

describe.runIf(bubblewrapWorks)('inside bubblewrap', () => {
  beforeAll(async () => {
    bench = await openBench('bubblewrap')
  })
  afterAll(() => bench.close())

  const printed = async (script: string, spec: object = {}, container: object = {}, on: Bench = bench) => {
    const pod = on.start({ ...spec, containers: [sh(script, container)] })
    await pod.end()
    return on.logOf(pod)
  }
  const printedWith = async (options: Partial<SandboxOptions>, script: string) => {
    const own = await openBench('bubblewrap', options)
    try {
      return await printed(script, {}, {}, own)
    } finally {
      await own.close()
    }
  }

  test('home folders, /run, the data folder and /tmp of the host are not there', async () => {
    const script = `ls -A /home /root /run /tmp; ls ${bench.dataFolder} 2>&1 | grep -c 'No such'`
    expect(await printed(script)).toBe('/home:\n\n/root:\n\n/run:\n\n/tmp:\n1\n')
  })

  test('a data folder outside of /tmp appears empty', async () => {
    const dataFolder = `/var/tmp/jobledger-data-${process.pid}`
    const script = `ls -A ${dataFolder} && ls -A /var/tmp | grep -c jobledger-data-${process.pid}`
    expect(await printedWith({ dataFolder }, script)).toBe('1\n')
  })

  test('the host cannot be written to, /tmp can', async () => {
    expect(await printed('touch /usr/x /etc/x 2>&1 | grep -c Read-only; touch /tmp/x && ls /tmp')).toBe('2\nx\n')
  })

  test('only its own processes are seen, under its own host name', async () => {
    const [hostname, ...pids] = (await printed('hostname; echo /proc/[0-9]*', { hostname: 'pi-0' })).trim().split(/\s+/)
    expect(hostname).toBe('pi-0')
    expect(pids.length).toBeLessThanOrEqual(3)
  })

  test('it has no capability', async () => {
    expect(await printed('grep CapEff /proc/self/status')).toMatch(/0000000000000000/)
  })

  test('an emptyDir is shared by the containers of a Pod, also at a place the host does not have', async () => {
    const volumeMounts = [{ name: 'work', mountPath: '/no-such/work' }]
    const initContainers = [sh('echo shared > /no-such/work/file', { name: 'writer', volumeMounts })]
    const containers = [
      sh('cat /work-too/file; touch /here 2>&1 | grep -c Read-only', {
        volumeMounts: [{ name: 'work', mountPath: '/work-too' }],
      }),
    ]
    const pod = bench.start({ initContainers, containers, volumes: [{ name: 'work', emptyDir: {} }] })
    expect(await pod.end()).toMatchObject({ type: 'PodSucceeded' })
    expect(bench.logOf(pod)).toBe('shared\n1\n')
  })

  test('an emptyDir in memory is shared by the containers of a Pod and gone after its end', async () => {
    const volumeMounts = [{ name: 'work', mountPath: '/work' }]
    const initContainers = [sh('echo shared > /work/file', { name: 'writer', volumeMounts })]
    const containers = [sh('cat /work/file; stat -f -c %T /work', { volumeMounts })]
    const volumes = [{ name: 'work', emptyDir: { medium: 'Memory' } }]
    const inMemory = () => foldersIn('/dev/shm').flatMap((run) => foldersIn(join(run, 'pods')))
    const pod = bench.start({ initContainers, containers, volumes })
    await eventually(
      () => inMemory().some((folder) => folder.endsWith(pod.pod.uid.replace('/', '%2f'))),
      () => 'a folder in memory',
    )
    expect(await pod.end()).toMatchObject({ type: 'PodSucceeded' })
    expect(bench.logOf(pod)).toBe('shared\ntmpfs\n')
    await eventually(
      () => !inMemory().some((folder) => folder.endsWith(pod.pod.uid.replace('/', '%2f'))),
      () => 'the folder to go',
    )
  })

  test('a hostPath may be read-only, a subPath is a part of a volume', async () => {
    const path = join(bench.folder, 'host')
    mkdirSync(join(path, 'part'), { recursive: true })
    writeFileSync(join(path, 'part', 'file'), 'from the host\n')
    const volumes = [{ name: 'host', hostPath: { path, type: 'Directory' } }]
    const volumeMounts = [
      { name: 'host', mountPath: '/tmp/ro', readOnly: true },
      { name: 'host', mountPath: '/tmp/part', subPath: 'part' },
    ]
    const script = 'touch /tmp/ro/x 2>&1 | grep -c Read-only; cat /tmp/part/file; touch /tmp/part/new'
    expect(await printed(script, { volumes }, { volumeMounts })).toBe('1\nfrom the host\n')
    expect(readdirSync(join(path, 'part'))).toStrictEqual(['file', 'new'])
  })

  test.each([
    ['a folder that is not there', { hostPath: { path: '/no/folder', type: 'Directory' } }, {}, 'does not exist'],
    ['a folder that should be a file', { hostPath: { path: '/usr', type: 'File' } }, {}, '/usr is not a File'],
    ['a subPath that leads out', { hostPath: { path: '/usr' } }, { subPath: '../etc' }, 'leads out of volume'],
    ['a config map that is not there', { configMap: { name: 'cm' } }, {}, 'configmap "cm" not found'],
    ['a claim', { persistentVolumeClaim: { claimName: 'c' } }, {}, 'is of type persistentVolumeClaim'],
  ])('%s keeps the container waiting', async (_, volume, mount, message) => {
    const volumeMounts = [{ name: 'v', mountPath: '/tmp/v', ...mount }]
    const pod = bench.start({ volumes: [{ name: 'v', ...volume }], containers: [sh('true', { volumeMounts })] })
    await pod.told('ContainerWaiting', ({ reason }) => reason === 'CreateContainerConfigError')
    expect(pod.all('MessageRecorded')[0]?.message).toMatch(message)
  })

  test('the last words are told before the end, at most 4096 bytes', async () => {
    const pod = bench.start({ containers: [sh('printf %5000s end > /dev/termination-log; exit 1')] })
    await pod.end()
    const [message] = pod.all('MessageRecorded')
    expect(message?.message).toHaveLength(4096)
    expect(message?.message.endsWith(' end')).toBe(true)
    expect(pod.story.map(({ type }) => type).slice(-3)).toStrictEqual([
      'MessageRecorded',
      'ContainerExited',
      'PodFailed',
    ])
  })

  test('a sandbox that cannot be made is a StartError with the reason', async () => {
    const volumes = [{ name: 'v', hostPath: { path: '/usr' } }]
    const pod = bench.start({
      volumes,
      containers: [sh('true', { volumeMounts: [{ name: 'v', mountPath: '/etc/passwd' }] })],
    })
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', exitCode: 128 })
    expect(pod.all('ContainerExited')).toMatchObject([{ reason: 'StartError' }])
    expect(pod.all('MessageRecorded')[0]?.message).toMatch(/the sandbox could not be made: bwrap: /)
  })

  test('without network there is only a loopback', async () => {
    const script = "grep -c ':' /proc/net/dev; grep -c 'lo:' /proc/net/dev"
    expect(await printedWith({ network: false }, script)).toBe('1\n1\n')
  })
})

describe('without bubblewrap', () => {
  test('it is said aloud once', async () => {
    const notices: Array<string> = []
    bench = await openBench('process', { onNotice: (text) => notices.push(text) })
    await bench.close()
    expect(notices).toHaveLength(1)
    expect(notices[0]).toMatch('running Pods as plain process groups')
  })

  test('auto falls back, and bubblewrap refuses', async () => {
    const path = process.env['PATH']
    process.env['PATH'] = '/nowhere'
    const notices: Array<string> = []
    const over = {
      dataFolder: `/tmp/jobledger-no-bwrap-${process.pid}`,
      onNotice: (text: string) => void notices.push(text),
    }
    try {
      await expect(openBench('bubblewrap', over)).rejects.toThrow('bubblewrap is not installed')
      expect(existsSync(over.dataFolder)).toBe(false)
      bench = await openBench('process', { ...over, sandbox: 'auto' })
    } finally {
      process.env['PATH'] = path
    }
    expect(notices).toStrictEqual([
      expect.stringMatching(/^bubblewrap is not installed; running Pods as plain process groups: /),
    ])
    await bench.close()
  })

  test('a volume cannot be mounted, except a hostPath at its own place', async () => {
    bench = await openBench('process')
    const volumes = [{ name: 'v', emptyDir: {} }]
    const pod = bench.start({
      volumes,
      containers: [sh('true', { volumeMounts: [{ name: 'v', mountPath: '/data' }] })],
    })
    await pod.told('ContainerWaiting')
    expect(pod.all('MessageRecorded')[0]?.message).toMatch('without bubblewrap')
    await bench.close()
  })
})

test('no more Pods run at once than may, and one that waits can be stopped', async () => {
  bench = await openBench('process', { maxPods: 1 })
  const first = bench.start({ containers: [sh('sleep 0.3')] })
  const second = bench.start({ containers: [sh('exit 0')] })
  const third = bench.start({ containers: [sh('exit 0')] })
  bench.runtime.stop(third.pod, 30)
  expect(await third.end()).toMatchObject({ type: 'PodFailed', reason: null, exitCode: null })
  await second.end()
  const firstEnd = await first.end()
  expect((await second.told('ProcessStarted')).at).toBeGreaterThanOrEqual(firstEnd.at)
  await bench.close()
})

test('of a thousand Pods those that wait end at once when they are stopped, and the others go on', async () => {
  bench = await openBench('process', { maxPods: 20 })
  bench.confirming = false
  const pods = Array.from({ length: 1_000 }, () => bench.start({ containers: [sh('exit 0')] }))
  await pods[19]!.told('ProcessStarted')
  const begun = performance.now()
  for (const { pod } of pods.slice(30)) bench.runtime.stop(pod, 30)
  for (const pod of pods.slice(30))
    expect(await pod.end()).toMatchObject({ type: 'PodFailed', reason: null, exitCode: null })
  expect(performance.now() - begun).toBeLessThan(2_000)
  expect(pods.filter((pod) => pod.all('ProcessStarted').length > 0)).toHaveLength(20)
  bench.confirming = true
  for (const { pod } of pods.slice(0, 20)) bench.runtime.confirm(pod, 0, 0)
  for (const pod of pods.slice(0, 30)) expect(await pod.end()).toMatchObject({ type: 'PodSucceeded' })
  await bench.close()
})

test('a runtime that is closed leaves no process', async () => {
  bench = await openBench(bubblewrapWorks ? 'bubblewrap' : 'process')
  const pod = bench.start({ containers: [sh(`trap '' TERM; sleep ${longTime()}`)] })
  const started = await pod.told('ProcessStarted')
  await bench.close()
  expect(isAlive(started)).toBe(false)
})

test('what a crashed run left in memory is removed', async () => {
  const dataFolder = `/tmp/jobledger-crashed-${process.pid}`
  mkdirSync(dataFolder)
  const crashed = await makeMemoryFolder(dataFolder)
  if (crashed === null) return console.warn('no files in memory here: nothing can be left')
  mkdirSync(join(crashed, 'pods', 'uid'), { recursive: true })
  const next = await makeMemoryFolder(dataFolder)
  expect(existsSync(crashed)).toBe(false)
  expect(next).not.toBeNull()
  for (const folder of [dataFolder, next ?? dataFolder]) rmSync(folder, { recursive: true })
})

const foldersIn = (folder: string): ReadonlyArray<string> =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
