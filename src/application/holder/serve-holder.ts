import { manualJob } from '../../domain/cronjob/job-of-run.ts'
import { isFinished } from '../../domain/job/job.ts'
import type { CronJobManifest } from '../../domain/kubernetes/cron-job-object.ts'
import { E } from '../../prelude.ts'
import type { Actor } from '../../projections/recorded.ts'
import { apply, type ApplyPorts } from '../apply.ts'
import type { Controller } from '../jobs/controller.ts'
import type { CronJobService } from '../cron-jobs/cron-job-service.ts'
import type { CronJobFailure } from '../cron-jobs/cron-job-writer.ts'
import { failureText } from '../failure-text.ts'
import type { HolderAnswer, HolderRequest } from './holder-request.ts'
import type { CommandFailure } from '../jobs/job-writer.ts'
import type { Done, JobService } from '../jobs/job-service.ts'
import type { Ledger } from '../log/ledger.ts'

/**
 * Answers other terminals: a change is done here, where the log is written, and a Job to run is driven from now on. `othersDone`
 * resolves when no Job that was asked for this way is unfinished.
 */
export const serveHolder = (ports: {
  readonly service: JobService
  readonly controller: Controller
  readonly ledger: Ledger
  readonly jobs: ApplyPorts['jobs']
  readonly cronService: CronJobService
}) => {
  const { service, controller, ledger, cronService } = ports
  const asked = new Set<string>()

  const answer = async (request: HolderRequest): Promise<HolderAnswer> => {
    const actor = { kind: 'user' as const, name: request.user, agent: request.agent }
    switch (request.type) {
      case 'run': {
        const { namespace, name } = request.manifest.metadata
        const present = ledger.find(namespace, name)?.state
        const uid =
          present?._tag === 'Job' && !isFinished(present)
            ? E.right({ uid: present.uid, changed: false })
            : await service.create(request.manifest, actor)()
        if (E.isRight(uid)) {
          asked.add(uid.right.uid)
          void controller.drive(uid.right.uid)
        }
        return answerOf(uid, `jobs.batch "${name}"`)
      }
      case 'change':
        return answerOf(
          await service.change(request.namespace, request.name, request.change, actor)(),
          `jobs.batch "${request.name}"`,
        )
      case 'delete': {
        const removed = await service.remove(request.namespace, request.name, request.propagation, actor)()
        if (E.isRight(removed)) void controller.drive(removed.right.uid)
        return answerOf(removed, `jobs.batch "${request.name}"`)
      }
      case 'apply': {
        const applied = await apply(ports)(request.manifest, actor)()
        return E.isRight(applied) ? { type: 'applied', ...applied.right } : { type: 'refused', reason: applied.left }
      }
      case 'create-job-from':
        return createJobFrom(ports)(request, actor)
      case 'suspend-cron-job': {
        const { namespace, name, suspend } = request
        const suspended = (manifest: CronJobManifest) => ({ ...manifest, spec: { ...manifest.spec, suspend } })
        return answerOf(await cronService.change(namespace, name, suspended, actor)(), `cronjobs.batch "${name}"`)
      }
      case 'delete-cron-job': {
        const { namespace, name, propagation } = request
        const removed = await cronService.remove(namespace, name, propagation, actor)()
        return answerOf(removed, `cronjobs.batch "${name}"`)
      }
    }
  }

  const isDone = (uid: string): boolean => {
    const state = ledger.getByUid(uid)?.state
    return state?._tag !== 'Job' || isFinished(state) || (state.deleted && state.live === 0)
  }

  const othersDone = (): Promise<void> =>
    new Promise((resolve) => {
      const check = () => {
        if (![...asked].every(isDone)) return
        subscription.unsubscribe()
        resolve()
      }
      const subscription = ledger.news$.subscribe(check)
      check()
    })

  return { answer, othersDone }
}

/** [11.6] A Job of the CronJob's template, now. */
const createJobFrom =
  ({ ledger, service }: { readonly ledger: Ledger; readonly service: JobService }) =>
  async (
    { namespace, name, cronJob }: Extract<HolderRequest, { readonly type: 'create-job-from' }>,
    actor: Actor,
  ): Promise<HolderAnswer> => {
    const state = ledger.cronJobs.find(namespace, cronJob)?.state
    if (state?._tag !== 'CronJob') return { type: 'refused', reason: `cronjobs.batch "${cronJob}" not found` }
    const manifest = manualJob(state, name, 'uid-of-this-job')
    if (E.isLeft(manifest)) return { type: 'refused', reason: `failed to create job: ${manifest.left}` }
    return answerOf(await service.create(manifest.right, actor)(), `failed to create job: jobs.batch "${name}"`)
  }

const answerOf = (outcome: E.Either<CommandFailure | CronJobFailure, Done>, subject: string): HolderAnswer =>
  E.isRight(outcome)
    ? { type: 'done', ...outcome.right }
    : { type: 'refused', reason: failureText(outcome.left, subject) }
