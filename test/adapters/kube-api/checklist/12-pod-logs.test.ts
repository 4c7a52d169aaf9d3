import { describe, expect, test } from 'vitest'
import { administrator } from '../../../../src/adapters/kube-api/access/user.ts'
import { podLog } from '../../../../src/adapters/kube-api/actions/pod-log.ts'
import type { ApiAnswer } from '../../../../src/adapters/kube-api/answer.ts'
import { apiHandler } from '../../../../src/adapters/kube-api/handler.ts'
import type {
  ContainerLogOptions,
  ContainerLogs,
  ContainerRun,
} from '../../../../src/application/ports/container-logs.ts'
import type { ContainerState, PodObject } from '../../../../src/domain/kubernetes/pod-object.ts'
import { resourceDouble } from '../../../support/resource-double.ts'
import { countingEntropy } from '../../../support/world.ts'

type Told = { readonly state: ContainerState; readonly lastState?: ContainerState; readonly restartCount?: number }

const ended = { terminated: { exitCode: 1, reason: 'Error', startedAt: '', finishedAt: '', containerID: '' } }
const running = { running: { startedAt: '2026-01-01T00:00:00Z' } }

const status = (name: string, { state, lastState = {}, restartCount = 0 }: Told) => ({
  name,
  image: 'x',
  imageID: '',
  state,
  lastState,
  ready: false,
  started: false,
  restartCount,
})

/** A Pod with these containers; null: nothing is known of one. */
const podOf = (
  containers: Readonly<Record<string, Told | null>>,
  node = 'local',
  init: ReadonlyArray<string> = [],
): PodObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns', uid: 'uid-of-p' },
  spec: {
    containers: Object.keys(containers).map((name) => ({ name })),
    initContainers: init.map((name) => ({ name })),
    ...(node !== '' && { nodeName: node }),
  },
  status: {
    phase: 'Running',
    qosClass: 'BestEffort',
    containerStatuses: Object.entries(containers).flatMap(([name, told]) =>
      told === null ? [] : [status(name, told)],
    ),
  },
})

const oneLine: ContainerLogs = async function* () {
  yield new TextEncoder().encode('hello\n')
}

type Reading = { readonly run: ContainerRun; readonly options: ContainerLogOptions }

/** The answer to a request for the log of Pod `p`, which is yet to be written. */
const answerTo = async (
  pod: PodObject | (() => PodObject | null),
  query: string,
  logs: ContainerLogs | null,
): Promise<ApiAnswer> => {
  const pods = resourceDouble()
  const handle = apiHandler({
    resources: { pods },
    actions: {
      'pods/log': podLog({
        pods: { get: (_, name) => (name !== 'p' ? null : typeof pod === 'function' ? pod() : pod) },
        logs,
      }),
    },
    entropy: countingEntropy(),
    position: pods.position,
    now: () => Date.UTC(2026, 0, 1, 1),
  })
  const [path = '', parameters = ''] = query.split('?')
  return handle({
    method: 'GET',
    path: `/api/v1/namespaces/ns/pods/${path || 'p'}/log`,
    query: new URLSearchParams(parameters),
    headers: {},
    body: new Uint8Array(),
    user: administrator('ada'),
  })
}

/** Everything that is written to a reader who takes it all. */
const textOf = ({ body, stream }: ApiAnswer): Promise<string> =>
  new Promise((resolve, reject) => {
    if (stream === undefined) return resolve(body)
    let told = ''
    stream({
      write: (piece) => (told += typeof piece === 'string' ? piece : new TextDecoder().decode(piece)),
      waiting: () => 0,
      drained: async () => {},
      end: () => resolve(told),
      drop: () => reject(new Error('dropped')),
    })
  })

/** Asks for the log of Pod `p`; answers what came, and which run was read with which options. */
const ask = async (pod: PodObject | (() => PodObject | null), query = '', logs: ContainerLogs | null = oneLine) => {
  const read: Reading[] = []
  const noted: ContainerLogs | null =
    logs === null
      ? null
      : (run, options) => {
          read.push({ run, options })
          return logs(run, options)
        }
  const answer = await answerTo(pod, query, noted)
  const text = await textOf(answer)
  return {
    code: answer.status,
    type: new Map(answer.headers).get('Content-Type'),
    text,
    message: text.startsWith('{') ? String(JSON.parse(text).message) : text,
    read,
  }
}

describe('API-12: the log of a container', () => {
  test('API-12: is plain text, byte by byte', async () => {
    const { code, type, text, read } = await ask(podOf({ main: { state: running, restartCount: 2 } }))
    expect({ code, type, text }).toStrictEqual({ code: 200, type: 'text/plain', text: 'hello\n' })
    expect(read[0]?.run).toStrictEqual({ podUid: 'uid-of-p', container: 'main', restart: 2 })
  })

  test.each<[wanted: string, options: object]>([
    ['', { follow: false, timestamps: false }],
    ['follow=true&timestamps=true', { follow: true, timestamps: true }],
    ['follow&timestamps=', { follow: true, timestamps: true }],
    ['follow=False&timestamps=0', { follow: false, timestamps: false }],
    ['tailLines=0&limitBytes=1', { follow: false, timestamps: false, tailLines: 0, limitBytes: 1 }],
    ['sinceSeconds=60', { follow: false, timestamps: false, sinceTime: Date.UTC(2026, 0, 1, 0, 59) }],
    [
      'sinceTime=2026-01-01T00:30:00%2B00:00',
      { follow: false, timestamps: false, sinceTime: Date.UTC(2026, 0, 1, 0, 30) },
    ],
    ['insecureSkipTLSVerifyBackend=true&pretty=true', { follow: false, timestamps: false }],
  ])('API-12: "%s" is understood', async (parameters, options) => {
    const { read } = await ask(podOf({ main: { state: running } }), `?${parameters}`)
    expect(read[0]?.options).toMatchObject(options)
    expect(Object.keys(read[0]?.options ?? {}).toSorted()).toStrictEqual(
      [...Object.keys(options), 'isOver', 'signal'].toSorted(),
    )
  })

  test.each<[parameters: string, code: number, message: string]>([
    [
      'tailLines=-1',
      422,
      'PodLogOptions "p" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    ],
    ['limitBytes=0', 422, 'PodLogOptions "p" is invalid: limitBytes: Invalid value: 0: must be greater than 0'],
    ['sinceSeconds=0', 422, 'PodLogOptions "p" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0'],
    [
      'sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z',
      422,
      'PodLogOptions "p" is invalid: : Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    ],
    ['tailLines=many', 400, 'strconv.ParseInt: parsing "many": invalid syntax'],
    ['tailLines=', 400, 'strconv.ParseInt: parsing "": invalid syntax'],
    [
      'sinceTime=yesterday',
      400,
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ],
    ['container=other', 400, 'container other is not valid for pod p'],
  ])('API-12: "%s" is refused', async (parameters, code, message) => {
    expect(await ask(podOf({ main: { state: running } }), `?${parameters}`)).toMatchObject({ code, message })
  })

  test('API-12: a missing Pod has none', async () => {
    expect(await ask(podOf({ main: null }), 'q')).toMatchObject({ code: 404, message: 'pods "q" not found' })
  })

  test('API-12: of several containers one must be named', async () => {
    const several = { a: { state: running }, b: { state: running } }
    expect((await ask(podOf(several))).message).toBe(
      'a container name must be specified for pod p, choose one of: [a b]',
    )
    expect((await ask(podOf(several, 'local', ['first']))).message).toBe(
      'a container name must be specified for pod p, choose one of: [a b] or one of the init containers: [first]',
    )
    expect((await ask(podOf(several), '?container=b')).read[0]?.run.container).toBe('b')
  })

  test('API-12: a Pod without a node answers with nothing', async () => {
    expect(await ask(podOf({ main: null }, ''))).toMatchObject({ code: 204, text: '' })
  })

  test('API-12: where clients run the Pods, their node is not known here', async () => {
    expect(await ask(podOf({ main: { state: running } }, 'elsewhere'), '', null)).toMatchObject({
      code: 404,
      message: 'nodes "elsewhere" not found',
    })
  })

  test.each<[what: string, told: Told | null, query: string, answer: number | string]>([
    ['running', { state: running, restartCount: 3 }, '', 3],
    ['ended', { state: ended, restartCount: 3 }, '', 3],
    [
      'between two runs',
      { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended, restartCount: 3 },
      '',
      3,
    ],
    [
      'between two runs, that before',
      { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended },
      '?previous=true',
      0,
    ],
    ['the run before', { state: running, lastState: ended, restartCount: 3 }, '?previous=true', 2],
    [
      'no run before',
      { state: running },
      '?previous=true',
      'previous terminated container "main" in pod "p" not found',
    ],
    [
      'not started',
      { state: { waiting: { reason: 'ContainerCreating' } } },
      '',
      'container "main" in pod "p" is waiting to start: ContainerCreating',
    ],
    ['unheard of', null, '', 'container "main" in pod "p" is not available'],
  ])('API-12: %s: the right run is read, or it is said why none is', async (_, told, query, answer) => {
    const { code, message, read } = await ask(podOf({ main: told }), query)
    if (typeof answer === 'number') expect(read[0]?.run.restart).toBe(answer)
    else expect({ code, message }).toStrictEqual({ code: 400, message: answer })
  })

  test('API-12: nothing more is read for a reader who has not taken what was read before', async () => {
    let read = 0
    let isAborted: boolean | undefined
    const endless: ContainerLogs = async function* (_, { signal }) {
      while (signal?.aborted === false) {
        read += 1
        yield new Uint8Array(1000)
      }
      isAborted = signal?.aborted
    }
    const { stream } = await answerTo(podOf({ main: { state: running } }), '?follow=true', endless)
    let take = (): void => {}
    const stop = stream?.({
      write: () => {},
      waiting: () => 1000,
      drained: () => new Promise((resolve) => (take = resolve)),
      end: () => {},
      drop: () => {},
    })
    const aMoment = () => new Promise((resolve) => setImmediate(resolve))
    await aMoment()
    expect(read).toBe(1)
    take()
    await aMoment()
    expect(read).toBe(2)
    stop?.()
    take()
    await aMoment()
    expect([read, isAborted]).toStrictEqual([2, true])
  })

  test('API-12: a follower is told that its container ended, was started again, or has gone', async () => {
    const pod = podOf({ main: { state: running, restartCount: 1 } })
    let present: PodObject | null = pod
    const over: Array<boolean | undefined> = []
    const logs: ContainerLogs = async function* (_, { isOver }) {
      for (const next of [
        pod,
        podOf({ main: { state: ended, restartCount: 1 } }),
        podOf({ main: { state: running, restartCount: 2 } }),
        null,
      ]) {
        present = next
        over.push(isOver?.())
        yield new Uint8Array()
      }
    }
    await ask(() => present, '?follow=1', logs)
    expect(over).toStrictEqual([false, true, true, true])
  })
})
