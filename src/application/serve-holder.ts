import { isFinished } from '../domain/job/job.ts'
import { E } from '../prelude.ts'
import type { Controller } from './controller.ts'
import { failureText } from './failure-text.ts'
import type { HolderAnswer, HolderRequest } from './holder-request.ts'
import type { CommandFailure } from './job-writer.ts'
import type { Done, JobService } from './job-service.ts'
import type { Ledger } from './ledger.ts'

/**
 * Answers other terminals: a change is done here, where the log is written, and a Job to run is driven from now on. `othersDone`
 * resolves when no Job that was asked for this way is unfinished.
 */
export const serveHolder = (ports: {
  readonly service: JobService
  readonly controller: Controller
  readonly ledger: Ledger
}) => {
  const { service, controller, ledger } = ports
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
        return answerOf(uid, `job.batch "${name}"`)
      }
      case 'change':
        return answerOf(
          await service.change(request.namespace, request.name, request.change, actor)(),
          `job.batch "${request.name}"`,
        )
      case 'delete': {
        const removed = await service.remove(request.namespace, request.name, request.propagation, actor)()
        if (E.isRight(removed)) void controller.drive(removed.right.uid)
        return answerOf(removed, `job.batch "${request.name}"`)
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

const answerOf = (outcome: E.Either<CommandFailure, Done>, subject: string): HolderAnswer =>
  E.isRight(outcome)
    ? { type: 'done', ...outcome.right }
    : { type: 'refused', reason: failureText(outcome.left, subject) }
