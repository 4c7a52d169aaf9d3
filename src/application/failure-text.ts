import { refusalText } from '../domain/job/refusals.ts'
import type { CronJobFailure } from './cron-jobs/cron-job-writer.ts'
import type { CommandFailure } from './jobs/job-writer.ts'

/** Why a command was not done, as one sentence; `subject` is what it was about, as kubectl names it (`jobs.batch "pi"`). */
export const failureText = (failure: CommandFailure | CronJobFailure, subject: string): string => {
  switch (failure._tag) {
    case 'JobNotFound':
    case 'CronJobNotFound':
      return `${subject} not found`
    case 'JobAlreadyExists':
    case 'CronJobAlreadyExists':
      return `${subject} already exists`
    case 'WrongExpectedRevision':
      return `${subject} was changed at the same time; try again`
    case 'UnknownOutcome':
      return `nobody knows whether the change of ${subject} was stored (${failure.reason}); look at its history before trying again`
    case 'StoreUnavailable':
      return `the log is not available: ${failure.reason}`
    default:
      return `${subject} is invalid: ${refusalText(failure)}`
  }
}
