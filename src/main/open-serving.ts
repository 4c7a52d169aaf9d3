import { setFlagsFromString } from 'node:v8'
import type { CliPorts, HoldOptions, OpenFailure, ServeOptions, Serving } from '../adapters/cli/cli-ports.ts'
import { systemClock } from '../adapters/clock/system-clock.ts'
import { uidsOf } from '../adapters/kube-api/accounts/uids-of.ts'
import { servedActions } from '../adapters/kube-api/actions/served-actions.ts'
import { frontDesk } from '../adapters/kube-api/front-desk.ts'
import { apiHandler, type ApiPorts } from '../adapters/kube-api/handler.ts'
import type { Check } from '../adapters/kube-api/health.ts'
import { requestMeter } from '../adapters/kube-api/server/request-meter.ts'
import { serveApi, type ServedApi } from '../adapters/kube-api/server/serve-api.ts'
import { readYaml } from '../adapters/manifests/read-yaml.ts'
import { prometheusContentType, prometheusText } from '../adapters/prometheus/prometheus-text.ts'
import { containerLog } from '../adapters/runtimes/sandbox/container-log.ts'
import { keepHouse } from '../application/api/keep-house.ts'
import { apiResources } from '../application/api/resources.ts'
import { watchesOf } from '../application/api/watches.ts'
import { logHealth } from '../application/log/log-health.ts'
import type { MetricFamily } from '../projections/metrics/meter-book.ts'
import { E } from '../prelude.ts'
import { type Held, hold } from './hold.ts'
import type { LogPlace } from './log-place.ts'
import { entropy, notice } from './this-process.ts'

/** Opens a folder, works for everything in it and answers the Kubernetes API; clients are heard before the log has been read. */
export const openServing = async (
  { place, ports }: { readonly place: LogPlace; readonly ports: CliPorts },
  dataDir: string,
  options: HoldOptions & ServeOptions,
): Promise<E.Either<OpenFailure, Serving>> => {
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
  let server = place.mayHaveToWait() ? await begin() : null
  if (server !== null && E.isLeft(server)) return E.left({ _tag: 'Refused', reason: server.left })
  const held = await hold({ place, ports }, dataDir, options, async () => {
    desk.say('the log is being read')
    server ??= await begin()
    return server
  })
  if (E.isLeft(held) || server === null || E.isLeft(server)) {
    if (server !== null && E.isRight(server)) await server.right.close()
    return E.isLeft(held) ? held : E.left({ _tag: 'Refused', reason: 'the API was not opened' })
  }
  const { holding } = held.right
  const listening = server.right
  let isStopping = false
  const stopping: Check = { name: 'shutdown', problem: async () => (isStopping ? 'the server is shutting down' : null) }
  const log: Check = { name: 'log', problem: logHealth({ ...holding, clock: systemClock }) }
  const { handle, housekeeping } = apiOf(held.right, listening, {
    dataDir,
    health: { live: [], ready: [log, stopping] },
    ownMetrics: meter.families,
  })
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

/** The API over what works on the log, and the work that serving brings with it. */
const apiOf = (
  { app, told, runsPodsIn }: Held,
  { users, accounts, authority }: ServedApi,
  about: {
    readonly dataDir: string
    readonly health: NonNullable<ApiPorts['health']>
    readonly ownMetrics: () => ReadonlyArray<MetricFamily>
  },
) => {
  const resources = apiResources(app, told?.events ?? noEvents)
  accounts.open(uidsOf(resources, systemClock.now))
  const handle = apiHandler({
    users,
    resources,
    actions: servedActions({
      resources,
      accounts,
      // Pods that only seem to run write nothing.
      logs: runsPodsIn === 'external' ? null : (run, wanted) => containerLog(about.dataDir, run, wanted),
    }),
    entropy,
    position: app.ledger.position,
    now: systemClock.now,
    readYaml: (text) => E.bimap(firstReason, valueOf)(readYaml(text)),
    health: about.health,
    metrics: () => ({
      type: prometheusContentType,
      text: prometheusText([...(told?.metrics.families() ?? []), ...about.ownMetrics()]),
    }),
    ...(told !== null && { past: told.past.at, watches: watchesOf(app, told.feed, told.past) }),
  })
  return { handle, housekeeping: keepHouse(app, resources, { rootCertificate: authority }) }
}

/** Who has not listened from the start knows of none. */
const noEvents = { get: () => null, list: () => [] }

const valueOf = ({ value }: { readonly value: unknown }): unknown => value

const firstReason = ([problem]: ReadonlyArray<{ readonly reason: string }>): string =>
  problem?.reason ?? 'it cannot be read'

/** A server lives long: it should not keep what only a burst of requests needed. Costs about a tenth of the speed under full load. */
const useLittleMemory = (): void => setFlagsFromString('--semi-space-growth-factor=1')
