import type { CommandFailure } from '../jobs/job-writer.ts'
import { refusalText } from '../../domain/job/refusals.ts'
import type { ApiFailure } from './resource.ts'

/** What a client hears when a command was refused, or its events could not be stored. */
export const apiFailure = (failure: CommandFailure): ApiFailure => {
  switch (failure._tag) {
    case 'JobNotFound':
    case 'PodNotFound':
      return { _tag: 'NotFound' }
    case 'JobAlreadyExists':
      return { _tag: 'AlreadyExists' }
    case 'JobOutdated':
    case 'WrongExpectedRevision':
      return { _tag: 'Conflict', detail: outdated }
    case 'FieldInvalid': {
      const { field, value, detail } = failure
      return { _tag: 'Invalid', errors: [{ kind: 'Invalid', field, value, detail }] }
    }
    case 'JobAdoptsNoPods':
    case 'PodsEndHere':
      return { _tag: 'Forbidden', message: refusalText(failure) }
    case 'UnknownOutcome':
      return { _tag: 'UnknownOutcome', reason: failure.reason }
    case 'StoreUnavailable':
      return { _tag: 'Unavailable', reason: failure.reason }
  }
}

/** In the words of Kubernetes. */
export const outdated = 'the object has been modified; please apply your changes to the latest version and try again'
