import { hash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, mkdirSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setFlagsFromString } from 'node:v8'
import type {
  CliPorts,
  Holding,
  HoldOptions,
  KubeconfigOptions,
  OpenFailure,
  Reading,
} from './adapters/cli/cli-ports.ts'
import { runCli } from './adapters/cli/program.ts'
import { readForAnother } from './adapters/cli/read-for-another.ts'
import { systemClock } from './adapters/clock/system-clock.ts'
import { virtualClock } from './adapters/clock/virtual-clock.ts'
import { addressOf } from './adapters/eventstore/esdb/address.ts'
import { inMemoryEventStore } from './adapters/eventstore/memory/in-memory-event-store.ts'
import { openSqliteEventStore } from './adapters/eventstore/sqlite/open-sqlite-event-store.ts'
import { openSqliteReader } from './adapters/eventstore/sqlite/open-sqlite-reader.ts'
import { uidsOf } from './adapters/kube-api/accounts/uids-of.ts'
import { servedActions } from './adapters/kube-api/actions/served-actions.ts'
import { gitVersion } from './adapters/kube-api/discovery.ts'
import { frontDesk } from './adapters/kube-api/front-desk.ts'
import { type ApiPorts, apiHandler } from './adapters/kube-api/handler.ts'
import type { Check } from './adapters/kube-api/health.ts'
import { requestMeter } from './adapters/kube-api/server/request-meter.ts'
import { accessOfFolder } from './adapters/kube-api/server/access-of-folder.ts'
import { type Access, kubeconfig } from './adapters/kube-api/server/kubeconfig.ts'
import { kubeconfigPath, mergeKubeconfig } from './adapters/kube-api/server/merge-kubeconfig.ts'
import { type ServedApi, serveApi } from './adapters/kube-api/server/serve-api.ts'
import { askHolder, askHolderToRead } from './adapters/holder-socket/ask-holder.ts'
import { onHolderGone } from './adapters/holder-socket/on-holder-gone.ts'
import { listenAsHolder } from './adapters/holder-socket/listen-as-holder.ts'
import {
  type ManifestProblem,
  readJobManifest,
  readManifest,
  renderProblem,
} from './adapters/manifests/read-manifest.ts'
import { readDocument } from './adapters/manifests/read-document.ts'
import { readYaml } from './adapters/manifests/read-yaml.ts'
import { prometheusContentType, prometheusText } from './adapters/prometheus/prometheus-text.ts'
import { externalRuntime } from './adapters/runtimes/external/external-runtime.ts'
import { containerLog } from './adapters/runtimes/sandbox/container-log.ts'
import { openSandboxRuntime } from './adapters/runtimes/sandbox/sandbox-runtime.ts'
import { openSimulatedRuntime } from './adapters/runtimes/simulated/open-simulated-runtime.ts'
import { outcomeScenario } from './adapters/runtimes/simulated/outcomes/outcome-scenario.ts'
import { readOutcomes } from './adapters/runtimes/simulated/outcomes/read-outcomes.ts'
import { localNodeReports, podsPerNode } from './adapters/runtimes/local-node-reports.ts'
import { restingRuntime } from './adapters/runtimes/resting/resting-runtime.ts'
import { openSecretVault } from './adapters/secret-vault/open-secret-vault.ts'
import { changeFeed } from './application/api/change-feed.ts'
import { keepHouse } from './application/api/keep-house.ts'
import { pastOf } from './application/api/past.ts'
import { apiResources } from './application/api/resources.ts'
import { watchesOf } from './application/api/watches.ts'
import { eventsResource } from './application/api/events.ts'
import { logHealth } from './application/log-health.ts'
import { catchUp, type Ledger, newLedger } from './application/ledger.ts'
import { patience } from './application/patience.ts'
import { missingValues } from './application/missing-values.ts'
import type { Entropy } from './application/ports/entropy.ts'
import type { EventStore } from './application/ports/event-store.ts'
import type { PodSources } from './application/ports/pod-sources.ts'
import type { PodRuntime } from './application/ports/pod-runtime.ts'
import { podSources } from './application/pod-sources.ts'
import { serveHolder } from './application/serve-holder.ts'
import { hasUnfinishedEnd } from './application/unfinished-end.ts'
import { startApplication } from './application/start-application.ts'
import { simulation } from './application/simulation.ts'
import { metricsFold } from './projections/metrics.ts'
import { E, pipe } from './prelude.ts'

const entropy: Entropy = {
  uuid: randomUUID,
  digest: (text) => hash('sha256', text),
}

const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone

const err = (text: string): void => void process.stderr.write(text)

/** Something that must hold did not, or the log is lost: recovery is the next start, so there is nothing to save. */
const die = (reason: string): never => {
  err(`jobledger stops: ${reason}\n`)
  process.exit(70)
}

/** The EventStoreDB that holds the log; null when the data folder does. */
let chosenStore: { readonly address: string; readonly shown: string; readonly standBy: boolean } | null = null

const useStore = (asked: string | undefined, standBy: boolean): string | null => {
  const text = asked ?? process.env['JOBLEDGER_STORE'] ?? ''
  if (text === '') return null
  const address = addressOf(text)
  if (E.isLeft(address)) return address.left
  chosenStore = { address: text, shown: address.right.shown, standBy }
  return null
}

/** Where the log is, as people may see it. */
const logShown = (dataDir: string): string => chosenStore?.shown ?? dataDir

/** Its client is loaded only when it is needed: that takes longer than a short command. */
const eventStoreDb = () => import('./adapters/eventstore/esdb/open-esdb-event-store.ts')

type Opened = E.Either<{ readonly _tag: string; readonly message: string }, EventStore>

const openStoreToRead = async (dataDir: string): Promise<Opened> => {
  if (chosenStore === null) return openSqliteReader(dataDir)
  const { openEsdbReader } = await eventStoreDb()
  return openEsdbReader(chosenStore.address, { onNotice: notice })
}

const openStoreToWrite = async (dataDir: string, crashAt: string | undefined): Promise<Opened> => {
  if (chosenStore === null) return openSqliteEventStore(dataDir, { onFatal: die, ...(crashAt && { crashAt }) })
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const { openEsdbEventStore } = await eventStoreDb()
  return openEsdbEventStore(chosenStore.address, {
    onStepBack: die,
    onNotice: notice,
    ...(chosenStore.standBy && { standBy: { onWait: notice } }),
  })
}

const notice = (text: string): void => err(`${text}\n`)

const openReading = async (dataDir: string): Promise<E.Either<OpenFailure, Reading>> => {
  const store = await openStoreToRead(dataDir)
  if (E.isLeft(store)) return refused(store.left)
  const ledger = newLedger()
  const caught = await catchUp(store.right, ledger)
  if (E.isLeft(caught)) return E.left({ _tag: 'Refused', reason: caught.left })
  let stop = (): void => {}
  return E.right({
    ledger,
    store: store.right,
    follow: () => {
      const following = store.right
        .subscribeAll(ledger.position())
        .subscribe({ next: (events) => ledger.apply(events), error: (cause) => die(String(cause)) })
      stop = () => following.unsubscribe()
    },
    close: async () => {
      stop()
      await store.right.close()
    },
  })
}

const openHolding: CliPorts['openHolding'] = async (dataDir, options) =>
  E.map(({ holding }: Held) => holding)(await hold(dataDir, options, null))

/** A server lives long: it should not keep what only a burst of requests needed. Costs about a tenth of the speed under full load. */
const useLittleMemory = (): void => setFlagsFromString('--semi-space-growth-factor=1')

const openServing: CliPorts['openServing'] = async (dataDir, options) => {
  useLittleMemory()
  const desk = frontDesk('another jobledger may hold the log')
  const meter = requestMeter(systemClock.now)
  const begin = () =>
    serveApi({
      ...options,
      handle: desk.handle,
      meter,
      dataFolder: dataDir,
      owner: ports.userName,
      now: systemClock.now,
      entropy,
      onProblem: notice,
    })
  let server = chosenStore?.standBy === true ? await begin() : null
  if (server !== null && E.isLeft(server)) return E.left({ _tag: 'Refused', reason: server.left })
  const held = await hold(dataDir, options, async () => {
    desk.say('the log is being read')
    server ??= await begin()
    return server
  })
  if (E.isLeft(held) || server === null || E.isLeft(server)) {
    if (server !== null && E.isRight(server)) await server.right.close()
    return E.isLeft(held) ? held : E.left({ _tag: 'Refused', reason: 'the API was not opened' })
  }
  const { holding, api, told } = held.right
  const listening = server.right
  let isStopping = false
  const stopping: Check = { name: 'shutdown', problem: async () => (isStopping ? 'the server is shutting down' : null) }
  const log: Check = { name: 'log', problem: logHealth({ ...holding, clock: systemClock }) }
  const { handle, housekeeping } = api(
    {
      users: listening.users,
      health: { live: [], ready: [log, stopping] },
      metrics: () => ({
        type: prometheusContentType,
        text: prometheusText([...(told?.metrics.families() ?? []), ...meter.families()]),
      }),
    },
    listening,
  )
  desk.open(handle)
  const withdraw = () => {
    isStopping = true
    void housekeeping.then((stop) => stop())
    return holding.withdraw()
  }
  const close = async () => {
    await listening.close()
    await holding.close()
  }
  return E.right({ ...listening, kubeconfig: listening.writeKubeconfig(), holding: { ...holding, withdraw, close } })
}

/** A held folder, and its API, which knows of Events, changes and metrics only when the folder was opened to serve. */
type Held = {
  readonly holding: Holding
  readonly told: ReturnType<typeof toldBy> | null
  readonly api: (
    about: Pick<ApiPorts, 'users' | 'health' | 'metrics'>,
    server: Pick<ServedApi, 'authority' | 'accounts'>,
  ) => { readonly handle: ReturnType<typeof apiHandler>; readonly housekeeping: Promise<() => void> }
}

/** `serving` begins to answer clients when the log is open, before it is read. */
const hold = async (
  dataDir: string,
  options: HoldOptions & { readonly nodes?: number },
  serving: (() => Promise<E.Either<string, unknown>>) | null,
): Promise<E.Either<OpenFailure, Held>> => {
  const crash = crashPoint(process.env['JOBLEDGER_CRASH_AT'])
  const opened = await openStoreToWrite(dataDir, crash.store)
  if (E.isLeft(opened)) return refused(opened.left)
  const store = opened.right
  const vault = openSecretVault(dataDir)
  const ledger = newLedger(vault)
  const farAway = chosenStore === null ? null : patience(systemClock, notice)
  const served = serving === null ? E.right(null) : await serving()
  const told = serving === null ? null : toldBy(store, ledger)
  const caught = E.isLeft(served) ? served : await catchUp(store, ledger, farAway)
  if (E.isLeft(caught)) {
    await store.close()
    return E.left({ _tag: 'Refused', reason: caught.left })
  }
  const missing = serving === null ? null : missingValues(ledger, join(dataDir, 'secrets'))
  if (missing !== null) notice(missing)
  const runtime = await runtimeOf(dataDir, options, podSources(ledger))
  const runsHere = runtime.name !== 'external'
  const app = startApplication({
    store,
    ledger,
    runtime: crash.runtime(runtime),
    clock: systemClock,
    entropy,
    vault,
    localZone,
    podBackoffBaseMs: options.podBackoffBaseMs,
    movesPods: serving !== null,
    localNodes: runsHere ? localNodeReports(options.nodes ?? 0, gitVersion, systemClock.now()) : [],
    onFatal: die,
    onNotice: notice,
    beforeReactions: crash.beforeReactions,
    beforeOutcome: crash.beforeOutcome,
  })
  const { service, controller } = app
  const nodesTold = (await app.localNodes?.report()) ?? E.right(undefined)
  if (E.isLeft(nodesTold)) notice(nodesTold.left)
  for (const { state } of ledger.all())
    if (state._tag === 'Job' && hasUnfinishedEnd(state)) void controller.drive(state.uid)
  const others = serveHolder(app)
  const stopListening = await listenAsHolder(
    dataDir,
    others.answer,
    readForAnother(ports, { ledger, store }, { dataDir, log: logShown(dataDir) }),
  )
  const holding: Holding = {
    ledger,
    store,
    service,
    controller,
    answer: others.answer,
    othersDone: others.othersDone,
    workForAll: () => void app.workForAll(),
    withdraw: async () => {
      app.cronController.close()
      if (runtime.name !== 'external') await controller.withdraw()
    },
    close: async () => {
      await stopListening()
      await app.close()
      await store.close()
    },
  }
  const api: Held['api'] = (about, { authority, accounts }) => {
    const resources = apiResources(app, told?.events ?? noEvents)
    accounts.open(uidsOf(resources, systemClock.now))
    const handle = apiHandler({
      ...about,
      resources,
      actions: servedActions({
        resources,
        accounts,
        logs: runtime.name === 'sandbox' ? (run, wanted) => containerLog(dataDir, run, wanted) : null,
      }),
      entropy,
      position: ledger.position,
      now: systemClock.now,
      readYaml: (text) => E.bimap(firstReason, valueOf)(readYaml(text)),
      ...(told !== null && { past: told.past.at, watches: watchesOf(app, told.feed, told.past) }),
    })
    return { handle, housekeeping: keepHouse(app, resources, { rootCertificate: authority }) }
  }
  return E.right({ holding, told, api })
}

/** Who has not listened from the start knows of none. */
const noEvents = { get: () => null, list: () => [] }

/** What is told of the whole log: to be made before it is read. */
const toldBy = (store: EventStore, ledger: Ledger) => {
  const events = eventsResource({ ledger, clock: systemClock, entropy })
  const metrics = metricsFold()
  ledger.steps$.subscribe(({ jobs, cronJobs }) => {
    metrics.jobs(jobs)
    metrics.cronJobs(cronJobs)
  })
  return { events, feed: changeFeed({ ledger, events }), past: pastOf({ store, ledger, events, entropy }), metrics }
}

const valueOf = ({ value }: { readonly value: unknown }): unknown => value

const firstReason = ([problem]: ReadonlyArray<{ readonly reason: string }>): string =>
  problem?.reason ?? 'it cannot be read'

const refused = ({
  _tag,
  message,
}: {
  readonly _tag: string
  readonly message: string
}): E.Either<OpenFailure, never> =>
  _tag === 'Unavailable' && chosenStore !== null
    ? E.left({ _tag: 'Away', reason: message, log: chosenStore.shown })
    : E.left({ _tag: _tag === 'Held' ? 'Held' : 'Refused', reason: message })

const runtimeOf = async (
  dataDir: string,
  { runtime, network, nodes = 1 }: HoldOptions & { readonly nodes?: number },
  sources: PodSources,
): Promise<PodRuntime> => {
  switch (runtime) {
    case 'sandbox': {
      return openSandboxRuntime({
        dataFolder: dataDir,
        now: systemClock.now,
        network,
        sandbox: 'auto',
        maxPods: nodes * podsPerNode,
        sources,
        onNotice: notice,
      })
    }
    case 'simulated':
      return openSimulatedRuntime({ clock: systemClock })
    case 'external':
      return externalRuntime()
    case 'none':
      return restingRuntime({ now: systemClock.now })
  }
}

/**
 * Where tests end this process as a crash would, from `JOBLEDGER_CRASH_AT=<point>[:<n-th time>]`: points of the store are its own;
 * `before-saga` is after the reply and before anyone reacts, `before-process-started` after a spawn and before its fact is
 * recorded; `before-run-outcome` is between the creation of a CronJob's Job and its entry in the CronJob.
 */
const crashPoint = (wanted: string | undefined) => {
  const [point = '', times = '1'] = (wanted ?? '').split(':')
  let left = Number(times)
  const reach = (name: string): void => {
    if (point !== name) return
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
  }
  const storePoints = ['before-begin', 'between-inserts', 'before-commit', 'after-commit']
  return {
    store: storePoints.includes(point) ? wanted : undefined,
    beforeReactions: () => reach('before-saga'),
    beforeOutcome: () => reach('before-run-outcome'),
    runtime: (runtime: PodRuntime): PodRuntime => {
      runtime.observed$.subscribe((batch) => {
        if (batch.some(({ observation }) => observation.type === 'ProcessStarted')) reach('before-process-started')
      })
      return runtime
    },
  }
}

const dataDirOf = (env: NodeJS.ProcessEnv): string =>
  resolve(env['JOBLEDGER_DATA_DIR'] || join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'jobledger'))

const onInterrupt = (handler: () => void): (() => void) => {
  process.on('SIGINT', handler)
  process.on('SIGTERM', handler)
  return () => {
    process.off('SIGINT', handler)
    process.off('SIGTERM', handler)
  }
}

const inNamespace = (namespace: string | undefined) => (namespace === undefined ? {} : { namespace })

const rendered = <A>(read: E.Either<ReadonlyArray<ManifestProblem>, A>): E.Either<ReadonlyArray<string>, A> =>
  E.isLeft(read) ? E.left(read.left.map(renderProblem)) : read

const nothingSaid = { value: {}, lineOf: () => 1 }

const openSimulation: CliPorts['openSimulation'] = async ({ outcomes, seed: asked, containers }) => {
  const document = outcomes === undefined ? E.right(nothingSaid) : await readDocument(outcomes)
  const file = outcomes === '-' ? 'standard input' : (outcomes ?? '')
  const read = pipe(
    document,
    E.flatMap((found) =>
      pipe(
        readOutcomes(found, containers),
        E.mapLeft((problems) => problems.map((problem): ManifestProblem => ({ file, ...problem }))),
      ),
    ),
  )
  if (E.isLeft(read)) return E.left(read.left.map(renderProblem))
  const { start, seed: ownSeed = 1, podBackoff = 10_000 } = read.right
  const seed = asked ?? ownSeed
  const clock = virtualClock(start ?? Math.floor(systemClock.now() / 1000) * 1000)
  return E.right({
    seed,
    simulation: simulation({
      clock,
      store: inMemoryEventStore(),
      runtime: openSimulatedRuntime({ clock, scenario: outcomeScenario(read.right, seed) }),
      entropy: seededEntropy(seed),
      localZone,
      podBackoffBaseMs: podBackoff,
      onFatal: die,
    }),
  })
}

/** UUIDs that follow from a seed, so that Pods of a simulation have the same names each time. */
const seededEntropy = (seed: number): Entropy => {
  let count = 0
  return {
    ...entropy,
    uuid: () => {
      count += 1
      const digits = hash('sha256', `${seed}/${count}`)
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`
    },
  }
}

/** How clients find the server of a folder, for its owner or a user of a token file. */
const accessOf = ({ dataDir, user, tokenFile }: KubeconfigOptions) =>
  accessOfFolder(dataDir, user === null || tokenFile === null ? null : { user, tokenFile })

const ports: CliPorts = {
  out: (text) => void process.stdout.write(text),
  outInTurn: async (text) => {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain')
  },
  err,
  now: systemClock.now,
  timeZone: localZone,
  terminal: process.stderr.isTTY
    ? {
        columns: () => process.stderr.columns ?? 80,
        colour: !process.env['NO_COLOR'] && process.stderr.getColorDepth() > 1,
        unicode: /utf-?8/i.test(`${process.env['LC_ALL'] ?? process.env['LC_CTYPE'] ?? process.env['LANG'] ?? ''}`),
      }
    : null,
  userName: userInfo().username,
  defaultDataDir: dataDirOf(process.env),
  readJobManifest: async (path, namespace) => rendered(await readJobManifest(path, inNamespace(namespace))),
  readManifest: async (path, namespace) => rendered(await readManifest(path, inNamespace(namespace))),
  useStore,
  openReading,
  openLog: async (dataDir) => {
    const store = await openStoreToWrite(dataDir, undefined)
    return E.isLeft(store) ? refused(store.left) : store
  },
  linesOf: (path) => createInterface({ input: path === '-' ? process.stdin : createReadStream(path) }),
  openHolding,
  openServing,
  kubeconfig: (options) => E.map((access: Access) => kubeconfig(access, options.context))(accessOf(options)),
  mergeKubeconfig: (options) => {
    const path = kubeconfigPath(process.env['KUBECONFIG'], homedir())
    return pipe(
      accessOf(options),
      E.flatMap((access) => mergeKubeconfig(path, access, options.context)),
      E.map(() => path),
    )
  },
  openSimulation,
  askHolder,
  askHolderToRead,
  onHolderGone,
  onOutputGone: (handler) => void process.stdout.on('error', handler),
  onInterrupt,
  containerLog: async function* (dataDir, run, { follow, timestamps, tail }, isOver) {
    const decoder = new TextDecoder()
    const options = { follow, timestamps, isOver, ...(tail === null ? {} : { tailLines: tail }) }
    for await (const piece of containerLog(dataDir, run, options)) yield decoder.decode(piece, { stream: true })
    yield decoder.decode()
  },
}

process.on('uncaughtException', (bug) => die(bug.stack ?? String(bug)))
process.on('unhandledRejection', (bug) => die(bug instanceof Error ? (bug.stack ?? bug.message) : String(bug)))
/** A reader that goes away (`| head`) ends the output, not the Job. */
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

process.exitCode = await runCli(ports, process.argv.slice(2))
