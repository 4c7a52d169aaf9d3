import type * as t from 'io-ts'
import { closed, durationMs, exitCode, listOf, numbers, share, span, text, time, wholeNumber, word } from './codecs.ts'

/** What a run of a Pod does, as a file says it. Whatever is left out: it starts at once, ends at once and exits 0. */
const outcomeFields = {
  startDelay: span,
  duration: span,
  exitCode,
  /** This share of the runs fails with one of these exit codes, the others do as the rest says. */
  failures: closed('failures', { share }, { exitCodes: listOf(exitCode) }),
  /** The Pod fails as a whole, with the condition DisruptionTarget. */
  disruption: word('Evicted', 'NodeLost'),
  /** The termination message. */
  message: text,
  /** The container that exits; left out: the first that is no init container. */
  container: text,
  onSigterm: closed('onSigterm', {}, { takes: span, exitCode }),
}

/** Which runs an outcome is for: those that all of these hold for. Everything counts from 0. */
const selectorFields = {
  /** The completion index; of Indexed Jobs only. */
  index: numbers,
  /** The n-th Pod of its Job. */
  pod: numbers,
  /** Earlier Pods of the index; in a Job without indexes earlier failures. */
  attempt: numbers,
  /** Restarts in place so far, under restartPolicy OnFailure. */
  restart: numbers,
  /** The n-th Job of a CronJob. */
  job: numbers,
}

export const OutcomesFile = closed(
  'outcomes file',
  {},
  {
    /** When the simulation begins. */
    start: time,
    seed: wholeNumber,
    default: closed('default', {}, outcomeFields),
    outcomes: listOf(closed('outcome', {}, { ...selectorFields, ...outcomeFields })),
    /** First delay before a failed Pod is replaced. */
    podBackoff: durationMs,
  },
)
export type OutcomesFile = t.TypeOf<typeof OutcomesFile>

export type OutcomeRule = NonNullable<OutcomesFile['outcomes']>[number]
export type Outcome = NonNullable<OutcomesFile['default']>
