import { administrator } from '../../src/adapters/kube-api/access/user.ts'
import { type ApiStream, statusAnswer } from '../../src/adapters/kube-api/answer.ts'
import { accountTokens } from '../../src/adapters/kube-api/accounts/account-tokens.ts'
import { uidsOf } from '../../src/adapters/kube-api/accounts/uids-of.ts'
import { servedActions } from '../../src/adapters/kube-api/actions/served-actions.ts'
import { apiHandler } from '../../src/adapters/kube-api/handler.ts'
import { unauthorized } from '../../src/adapters/kube-api/status.ts'
import { inMemoryEventStore } from '../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { readYaml } from '../../src/adapters/manifests/read-yaml.ts'
import { inMemoryVault } from '../../src/adapters/secret-vault/in-memory-vault.ts'
import type { SecretVault } from '../../src/application/ports/secret-vault.ts'
import { externalRuntime } from '../../src/adapters/runtimes/external/external-runtime.ts'
import { changeFeed } from '../../src/application/api/change-feed.ts'
import { eventsResource } from '../../src/application/api/events.ts'
import { keepHouse } from '../../src/application/api/keep-house.ts'
import { type PastLimits, pastOf } from '../../src/application/api/past.ts'
import { apiResources } from '../../src/application/api/resources.ts'
import { watchesOf } from '../../src/application/api/watches.ts'
import { startApplication } from '../../src/application/start-application.ts'
import { catchUp, newLedger } from '../../src/application/log/ledger.ts'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import type { NodeReport } from '../../src/application/nodes/nodes.ts'
import type { PodRuntime } from '../../src/application/ports/pod-runtime.ts'
import { E, pipe } from '../../src/prelude.ts'
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts'
import { faithfulStore } from '../support/faithful-store.ts'
import { countingEntropy } from '../support/world.ts'

/**
 * The whole product behind its API in this process, over an empty log unless there is one, with time that passes only when somebody sleeps: store, controllers,
 * Pods that nobody here runs (unless a runtime is given), and a `fetch` without a socket. One that goes on with the log of another begins at `epoch` and draws
 * UUIDs behind `uuidsFrom`. Who shows no token is `tester`; no others are known than those of service accounts. Watches find the latest `remembered` events without reading the log; of the past,
 * states are kept as `limits` says.
 */
export const conformanceWorld = async (
  log: EventStore = inMemoryEventStore(),
  {
    epoch,
    uuidsFrom,
    remembered,
    limits,
    runtime = externalRuntime,
    localNodes = [],
    vault = inMemoryVault(),
  }: {
    readonly epoch?: number
    readonly uuidsFrom?: number
    readonly remembered?: number
    readonly limits?: PastLimits
    readonly runtime?: (clock: VirtualClock) => PodRuntime
    readonly localNodes?: ReadonlyArray<NodeReport>
    readonly vault?: SecretVault
  } = {},
) => {
  const store = faithfulStore(log)
  const clock = virtualClock(epoch)
  const entropy = countingEntropy(uuidsFrom)
  const ledger = newLedger(vault)
  const events = eventsResource({ ledger, clock, entropy })
  const feed = changeFeed({ ledger, events }, remembered)
  const past = pastOf({ store, ledger, events, entropy }, limits)
  await catchUp(store, ledger)
  const fatal: string[] = []
  const onFatal = (reason: string) => void fatal.push(reason)
  const app = startApplication({
    store,
    ledger,
    runtime: runtime(clock),
    localNodes,
    clock,
    entropy,
    vault,
    localZone: 'UTC',
    podBackoffBaseMs: 10_000,
    movesPods: true,
    onFatal,
  })
  await app.localNodes?.report()
  app.workForAll()
  const resources = apiResources(app, events)
  await grow(resources.namespaces)
  await keepHouse(app, resources, { rootCertificate: '-----BEGIN CERTIFICATE-----\n' })
  const accounts = accountTokens({ key: 'of this world', now: clock.now, entropy })
  accounts.open(uidsOf(resources, clock.now))
  const handle = apiHandler({
    resources,
    users: accounts,
    actions: servedActions({ resources, logs: null, accounts }),
    entropy,
    position: ledger.position,
    now: clock.now,
    past: past.at,
    watches: watchesOf(app, feed, past),
    readYaml: (text) =>
      pipe(
        readYaml(text),
        E.map(({ value }) => value),
        E.mapLeft(([problem]) => problem?.reason ?? 'it cannot be read'),
      ),
  })

  const ask = async (address: string, init: Asking = {}): Promise<Response> => {
    const { pathname, searchParams } = new URL(address)
    const shown = init.headers?.['authorization']
    const user = shown === undefined ? administrator('tester') : accounts.byToken(shown.replace('Bearer ', ''))
    const answer =
      user === null || user === 'NotYet'
        ? statusAnswer(unauthorized)
        : await handle({
            method: init.method ?? 'GET',
            path: pathname,
            query: searchParams,
            headers: init.headers ?? {},
            body: typeof init.body === 'string' ? new TextEncoder().encode(init.body) : (init.body ?? new Uint8Array()),
            user,
          })
    if (fatal.length > 0) throw new Error(`the controller stopped: ${fatal.join('; ')}`)
    const headers = answer.headers.map(([name, value]): [string, string] => [name, value])
    const { stream } = answer
    if (stream === undefined)
      return new Response([204, 304].includes(answer.status) ? null : (answer.bytes?.slice() ?? answer.body), {
        status: answer.status,
        headers,
      })
    const body = streamOf(stream, init.signal)
    const seconds = Number(searchParams.get('timeoutSeconds'))
    if (seconds > 0) setTimeout(() => void clock.pass(seconds * 1000), 0)
    return new Response(body, { status: answer.status, headers })
  }
  return {
    handle,
    fetch: ask,
    close: app.close,
    clock,
    position: ledger.position,
    now: clock.now,
    sleep: (seconds: number) => clock.pass(seconds * 1000),
  }
}

/** What is written to a reader that takes everything at once, until it goes away. */
const streamOf = (stream: ApiStream, signal: AbortSignal | undefined): ReadableStream<Uint8Array> => {
  let stop = (): void => {}
  return new ReadableStream({
    start: (controller) => {
      stop = stream({
        write: (piece) => controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece),
        waiting: () => 0,
        drained: async () => {},
        end: () => controller.close(),
        drop: () => controller.error(new Error('dropped')),
      })
      signal?.addEventListener('abort', () => {
        stop()
        controller.error(new Error('aborted'))
      })
    },
    cancel: () => stop(),
  })
}

/** A log that has begun long ago: versions with less than two digits are not told from other numbers by the suite. */
const grow = async (namespaces: ReturnType<typeof apiResources>['namespaces']): Promise<void> => {
  const asked = { actor: { kind: 'user' as const, name: 'tester' }, warn: () => {} }
  for (let count = 1; count <= 10; count += 1)
    await namespaces.create?.('', { metadata: { name: `earlier-${count}` } }, asked)()
}

type Asking = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly signal?: AbortSignal
}
