import { PodFailureReasons } from '../observations.ts'
import * as P from '../pod-columns.ts'
import { failureAction, patternsOf, ruleOnExit } from '../policies/pod-failure-policy.ts'
import { chunkOf, type Draft } from './draft.ts'

/** [5.1] The best match so far: the first rule, and of its containers the first. */
export const containerExited = (draft: Draft, event: { pod: number; container: number; exitCode: number }): void => {
  const rules = draft.job.terms.podFailurePolicy
  if (rules === null) return
  const rule = ruleOnExit(rules, event.container, event.exitCode) + 1
  if (rule === 0) return
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  const source = event.container + 1
  const known = P.getPolicy(chunk, place, P.policyField.rule)
  const isBetter =
    known === 0 || rule < known || (rule === known && source < P.getPolicy(chunk, place, P.policyField.ruleSource))
  if (P.get(chunk, place, P.field.phase) >= P.Succeeded || !isBetter) return
  P.putPolicy(chunk, place, P.policyField.rule, rule)
  P.putPolicy(chunk, place, P.policyField.ruleSource, source)
  P.putPolicy(chunk, place, P.policyField.ruleExitCode, event.exitCode)
}

/** The first rule that the conditions of a failed Pod make true; what a runtime says of its failure tells those conditions, and whether it was disrupted. */
export const conditionsOf = (draft: Draft, reason: number, isDisrupted: boolean): Matched | null =>
  patternsOf(draft.job.terms.podFailurePolicy ?? [], conditionsOnFailure(reason, isDisrupted))[0] ?? null

type Matched = { readonly rule: number; readonly pattern: number }

/** A failed Pod is done with matching: its conditions are known now, and a rule may want the Job to fail. */
export const failureMatched = (
  draft: Draft,
  chunk: P.PodChunk,
  place: number,
  pod: number,
  found: Matched | null,
): void => {
  if (draft.job.terms.podFailurePolicy === null) return
  const known = P.getPolicy(chunk, place, P.policyField.rule)
  if (found !== null && (known === 0 || found.rule + 1 < known)) {
    P.putPolicy(chunk, place, P.policyField.rule, found.rule + 1)
    P.putPolicy(chunk, place, P.policyField.ruleSource, -1 - found.pattern)
  }
  const rule = P.getPolicy(chunk, place, P.policyField.rule) - 1
  if (rule >= 0 && failureAction(draft.job, { rule }) === 'FailJob') draft.job.failJobPod ??= pod
}

/** What a runtime's conditions of a failed Pod are, as far as rules can tell them apart: lost and evicted Pods were disrupted. */
const conditionsOnFailure = (
  reason: number,
  isDisrupted: boolean,
): ReadonlyArray<{ readonly type: string; readonly status: string }> => [
  ...(isDisrupted || isDisruption(PodFailureReasons[reason - 1]) ? [{ type: 'DisruptionTarget', status: 'True' }] : []),
  { type: 'Ready', status: 'False' },
  { type: 'ContainersReady', status: 'False' },
]

const isDisruption = (reason: string | undefined): boolean => reason === 'NodeLost' || reason === 'Evicted'
