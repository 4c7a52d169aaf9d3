import { storedKinds } from '../domain/kubernetes/stored-kinds/stored-kinds.ts'
import { cronJobsResource } from './api/cron-jobs.ts'
import { jobsResource } from './api/jobs.ts'
import { storedObjectsResource } from './api/stored-objects.ts'
import { startLocalNodes } from './nodes/local-nodes.ts'
import type { NodeReport } from './nodes/nodes.ts'
import { type Controller, startController } from './jobs/controller.ts'
import { type CronController, startCronController } from './cron-jobs/cron-controller.ts'
import { cronJobService } from './cron-jobs/cron-job-service.ts'
import { cronJobWriter } from './cron-jobs/cron-job-writer.ts'
import { freePodWriter } from './pods/free-pod-writer.ts'
import { startFreePods } from './pods/free-pods.ts'
import { jobService } from './jobs/job-service.ts'
import { jobWriter } from './jobs/job-writer.ts'
import { firstNode } from '../domain/job/first-node.ts'
import { startFreePodRuns } from './pods/free-pod-runs.ts'
import { startGarbageCollector } from './garbage/garbage-collector.ts'
import type { Ledger } from './log/ledger.ts'
import type { Clock } from './ports/clock.ts'
import type { Entropy } from './ports/entropy.ts'
import type { EventStore } from './ports/event-store.ts'
import { noVault, type SecretVault } from './ports/secret-vault.ts'
import type { PodRuntime } from './ports/pod-runtime.ts'
import { storedObjectWriter } from './objects/stored-object-writer.ts'
import { workForAll } from './work-for-all.ts'

export type ApplicationPorts = {
  readonly store: EventStore
  /** Has caught up with the store. */
  readonly ledger: Ledger
  readonly runtime: PodRuntime
  readonly clock: Clock
  readonly entropy: Entropy
  /** Absent: no Secrets can be kept. */
  readonly vault?: SecretVault
  /** The time zone of schedules that name none. */
  readonly localZone: string
  /** The first delay before a failed Pod is replaced. */
  readonly podBackoffBaseMs: number
  /** Whether Jobs take over Pods that nobody controls, and let go those that are no longer theirs. */
  readonly movesPods: boolean
  /** Milliseconds to wait for more after a fact about a Pod; absent: as upstream where clients report, and none where Pods run here. */
  readonly windowMs?: number
  /** What is known of the nodes on which Pods run here; absent: there is one, of which nobody is told. */
  readonly localNodes?: ReadonlyArray<NodeReport>
  /** The application cannot go on: the process should end. */
  readonly onFatal: (reason: string) => void
  /** What a person should know, such as that the log is away. */
  readonly onNotice?: (text: string) => void
  /** Places where tests end the process: see the controllers. */
  readonly beforeReactions?: () => void
  readonly beforeOutcome?: () => void
}

export type Application = ReturnType<typeof startApplication>

/** Everything that works on one log, joined and started. It takes up a Job or CronJob when it is told to drive it. */
export const startApplication = (ports: ApplicationPorts) => {
  const { store, ledger, runtime, clock, entropy, localZone, podBackoffBaseMs, onFatal } = ports
  const { beforeReactions, beforeOutcome, onNotice } = ports
  const { vault = noVault } = ports
  const podsRunElsewhere = runtime.name === 'external'
  const writer = jobWriter({ store, clock, entropy })
  const podWriter = freePodWriter({ store, clock, entropy })
  const objectWriter = storedObjectWriter({ store, clock, entropy })
  const kept = { ledger, writer: objectWriter, clock, entropy, vault }
  const nodes = storedObjectsResource(kept, storedKinds.nodes)
  const reports = ports.localNodes ?? []
  const localNodes =
    reports.length === 0
      ? null
      : startLocalNodes({
          ledger,
          writer,
          nodes,
          reports,
          onChange: () => freePodRuns?.placeWaiting(),
          onLoss: (node) => freePodRuns?.loseNode(node),
        })
  const freePodRuns =
    podsRunElsewhere || !ports.movesPods
      ? null
      : startFreePodRuns({
          ledger,
          podWriter,
          jobWriter: writer,
          runtime,
          clock,
          placementOf: localNodes?.placementOf ?? (() => ({ nodes: [firstNode], obstacle: '' })),
          onFatal,
        })
  const freePods = ports.movesPods
    ? startFreePods({
        ledger,
        jobWriter: writer,
        podWriter,
        clock,
        windowMs: ports.windowMs ?? windowElsewhereMs,
        heal: freePodRuns?.heal ?? (async () => {}),
        onFatal,
      })
    : null
  const controller: Controller = startController({
    store,
    runtime,
    clock,
    ledger,
    writer,
    windowMs: ports.windowMs ?? (podsRunElsewhere ? windowElsewhereMs : 0),
    onFatal,
    ...(onNotice !== undefined && { onNotice }),
    ...(freePods !== null && { beforeFirstSync: freePods.claim }),
    strayFacts: (facts) => freePodRuns?.record(facts),
    ...(beforeReactions !== undefined && { beforeReactions }),
    circumstancesOf: (uid) => ({
      ...(garbage?.isBlocked(uid) === true && { isBlocked: true }),
      ...(localNodes !== null && { placement: localNodes.placementFor(uid) }),
    }),
  })
  const service = jobService({
    ledger,
    writer,
    entropy,
    podBackoffBaseMs,
    podsRunElsewhere,
    leavesPods: freePodRuns !== null,
  })
  const cronWriter = cronJobWriter({ store, clock, entropy, localZone })
  const jobs = jobsResource({ ledger, writer, service, entropy, clock })
  const cronService = cronJobService({ ledger, writer: cronWriter, entropy })
  const garbage = ports.movesPods
    ? startGarbageCollector({
        ledger,
        podWriter,
        resources: {
          ...Object.fromEntries(
            Object.values(storedKinds).map((kind) => [kind.resource, storedObjectsResource(kept, kind)]),
          ),
          jobs,
          cronjobs: cronJobsResource({ ledger, writer: cronWriter, service: cronService, entropy, clock }),
        },
        lookAgain: controller.lookAgain,
      })
    : null
  const cronController: CronController = startCronController({
    clock,
    ledger,
    writer: cronWriter,
    jobs: service,
    jobWriter: writer,
    driveJob: (uid) => void controller.drive(uid),
    ...(garbage !== null && { isBlocked: garbage.isBlocked }),
    onFatal,
    ...(beforeOutcome !== undefined && { beforeOutcome }),
  })
  return {
    store,
    ledger,
    clock,
    entropy,
    vault,
    writer,
    service,
    controller,
    jobs,
    podWriter,
    objectWriter,
    nodes,
    localNodes,
    cronWriter,
    cronService,
    cronController,
    /** Takes up everything in the log and everything to come; the answer ends that for what is to come. */
    workForAll: () => {
      const stop = workForAll({ ledger, controller, cronController })
      freePods?.start()
      return stop
    },
    /** Kills what still runs and stops reacting; the store stays open. */
    close: async (): Promise<void> => {
      cronController.close()
      freePods?.close()
      garbage?.close()
      localNodes?.close()
      freePodRuns?.close()
      await controller.close()
    },
  }
}

/** As upstream waits after a fact that clients report, so that bursts of them are taken into account together. */
const windowElsewhereMs = 1000
