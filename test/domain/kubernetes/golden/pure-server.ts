import { changedJob } from '../../../../src/domain/kubernetes/changed-job.ts'
import { checkShape } from '../../../../src/domain/kubernetes/check-shape.ts'
import { causeReason, type FieldErrors, renderCause } from '../../../../src/domain/kubernetes/field-error.ts'
import { prepareJob } from '../../../../src/domain/kubernetes/prepare-job.ts'
import { type Shape, schema } from '../../../../src/domain/kubernetes/schema.ts'
import { validateJobUpdate } from '../../../../src/domain/kubernetes/validate-job-update.ts'
import { validateJob } from '../../../../src/domain/kubernetes/validate-job.ts'
import { withDefaults } from '../../../../src/domain/kubernetes/with-defaults.ts'

/** What a golden file says of one request: the refusal, or the object that was accepted. */
export type Answer = {
  readonly label: string
  readonly code: number
  readonly reason?: string
  readonly message?: string
  readonly causes?: ReadonlyArray<{ readonly reason: string; readonly field: string; readonly message: string }>
  readonly created?: boolean
  readonly spec?: unknown
}

export type Outcome = { readonly errors: FieldErrors; readonly job: Shape<'Job'> }

const uid = '00000000-0000-4000-8000-000000000001'

/** A Job as an API server would answer its creation, with all that is wrong with it. */
export const create = (manifest: Shape<'Job'>): Outcome => {
  expectShape(manifest)
  const job = prepareJob(withDefaults(manifest), uid)
  return { job, errors: validateJob(job) }
}

/** The same for a Job that is sent in place of another. */
export const update = (sent: Shape<'Job'>, present: Shape<'Job'>): Outcome => {
  expectShape(sent)
  const job = changedJob(sent, present)
  return { job, errors: validateJobUpdate(job, present) }
}

const expectShape = (manifest: unknown): void => {
  const [problem] = checkShape(schema, 'Job')(manifest)
  if (problem !== undefined) throw new Error(`does not decode: ${problem.reason}`)
}

/** The outcome in the form in which the golden files hold it: no uids, no dumps of structures, the causes as a set. */
export const asObserved = (label: string, code: number, { errors, job }: Outcome, withSpec: boolean): Answer => {
  if (errors.length === 0)
    return { label, code, created: true, ...(withSpec ? { spec: JSON.parse(scrub(JSON.stringify(job.spec))) } : {}) }
  return {
    label,
    code: 422,
    reason: 'Invalid',
    message: `Job.batch "${job.metadata?.name}" is invalid`,
    causes: errors
      .map((error) => ({
        reason: causeReason(error),
        field: error.field,
        message: withoutDump(scrub(renderCause(error))),
      }))
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  }
}

const scrub = (text: string) => text.replaceAll(uid, '<uid>')

const withoutDump = (message: string) => message.replace(/^(Invalid value: )[[{].*[\]}](: )/s, '$1<value>$2')
