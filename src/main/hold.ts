import { join } from 'node:path'
import type { CliPorts, Holding, HoldOptions, OpenFailure } from '../adapters/cli/cli-ports.ts'
import { readForAnother } from '../adapters/cli/read-for-another.ts'
import { systemClock } from '../adapters/clock/system-clock.ts'
import { listenAsHolder } from '../adapters/holder-socket/listen-as-holder.ts'
import { gitVersion } from '../adapters/kube-api/discovery.ts'
import { localNodeReports } from '../adapters/runtimes/local-node-reports.ts'
import { openSecretVault } from '../adapters/secret-vault/open-secret-vault.ts'
import { catchUp, newLedger } from '../application/log/ledger.ts'
import { missingValues } from '../application/objects/missing-values.ts'
import { patience } from '../application/log/patience.ts'
import { podSources } from '../application/pods/pod-sources.ts'
import type { PodRuntime } from '../application/ports/pod-runtime.ts'
import { serveHolder } from '../application/holder/serve-holder.ts'
import { type Application, startApplication } from '../application/start-application.ts'
import { secretSweep } from '../application/objects/sweep-secrets.ts'
import { hasUnfinishedEnd } from '../application/jobs/unfinished-end.ts'
import { E } from '../prelude.ts'
import { crashPoint } from './crash-point.ts'
import type { LogPlace } from './log-place.ts'
import { runtimeOf } from './runtime-of.ts'
import { die, entropy, localZone, notice } from './this-process.ts'
import { type Told, toldBy } from './told-by.ts'

/** A held folder: what works on its log, and what has been told of it when it was opened to serve. */
export type Held = {
  readonly holding: Holding
  readonly app: Application
  readonly told: Told | null
  readonly runsPodsIn: PodRuntime['name']
}

/** `serving` begins to answer clients when the log is open, before it is read. */
export const hold = async (
  { place, ports }: { readonly place: LogPlace; readonly ports: CliPorts },
  dataDir: string,
  options: HoldOptions & { readonly nodes?: number },
  serving: (() => Promise<E.Either<string, unknown>>) | null,
): Promise<E.Either<OpenFailure, Held>> => {
  const crash = crashPoint(process.env['JOBLEDGER_CRASH_AT'])
  const opened = await place.openToWrite(dataDir, crash.store)
  if (E.isLeft(opened)) return place.refused(opened.left)
  const store = opened.right
  const vault = openSecretVault(dataDir, place.identity())
  const ledger = newLedger(vault)
  const sweepSecrets = secretSweep(ledger, vault)
  const farAway = place.isFarAway() ? patience(systemClock, notice) : null
  const served = serving === null ? E.right(null) : await serving()
  const told = serving === null ? null : toldBy(store, ledger)
  const caught = E.isLeft(served) ? served : await catchUp(store, ledger, farAway)
  if (E.isLeft(caught)) {
    await store.close()
    return E.left({ _tag: 'Refused', reason: caught.left })
  }
  await sweepSecrets()
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
    readForAnother(ports, { ledger, store }, { dataDir, log: place.shown(dataDir) }),
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
  return E.right({ holding, app, told, runsPodsIn: runtime.name })
}
