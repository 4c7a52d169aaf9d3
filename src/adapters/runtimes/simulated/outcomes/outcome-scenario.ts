import type { PodToRun } from '../../../../application/ports/pod-runtime.ts'
import type { Scenario, ScriptedRun } from '../scenario.ts'
import { mixed, seededNumbers } from '../seeded-numbers.ts'
import { hasNumber, type Numbers, type Span } from './codecs.ts'
import type { Outcome, OutcomeRule, OutcomesFile } from './outcomes.ts'

/**
 * The lives of Pods as a file says: the first outcome that is for a run decides it, else the default. Jobs are numbered as their first
 * Pods start. The same file and seed always give the same lives.
 */
export const outcomeScenario = (file: OutcomesFile, seed: number): Scenario => {
  const jobs = new Map<string, number>()
  return (pod, restart) => {
    const job = jobs.get(pod.job) ?? jobs.size
    jobs.set(pod.job, job)
    const outcome = file.outcomes?.find((rule) => isFor(rule, pod, restart, job)) ?? file.default ?? {}
    return scripted(outcome, pod, seededNumbers(mixed(seed, job), pod, restart))
  }
}

const isFor = (rule: OutcomeRule, { index, pod, attempt }: PodToRun, restart: number, job: number): boolean =>
  holds(rule.index, index) &&
  holds(rule.pod, pod) &&
  holds(rule.attempt, attempt) &&
  holds(rule.restart, restart) &&
  holds(rule.job, job)

const holds = (wanted: Numbers | undefined, number: number | null): boolean =>
  wanted === undefined || (number !== null && hasNumber(wanted, number))

/** Every number is drawn in any case, so that one field of the file does not move what the others come to. */
const scripted = (outcome: Outcome, pod: PodToRun, draw: () => number): ScriptedRun => {
  const startDelayMs = drawn(outcome.startDelay, draw())
  const runMs = drawn(outcome.duration, draw())
  const exitCode = exitCodeOf(outcome, draw(), draw())
  const { takes, exitCode: stopExitCode } = outcome.onSigterm ?? {}
  return {
    startDelayMs,
    runMs,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(outcome.disruption === undefined ? {} : { podReason: outcome.disruption }),
    ...(outcome.message === undefined ? {} : { message: outcome.message }),
    ...(takes === undefined ? {} : { stopMs: drawn(takes, draw()) }),
    ...(stopExitCode === undefined ? {} : { stopExitCode }),
    ...(outcome.container === undefined ? {} : { container: containerOf(pod, outcome.container) }),
  }
}

/** Whole milliseconds. */
const drawn = (span: Span | undefined, number: number): number => {
  if (span === undefined || span.leastMs === span.mostMs) return span?.leastMs ?? 0
  return span.leastMs + Math.floor(number * (span.mostMs - span.leastMs + 1))
}

const exitCodeOf = ({ exitCode, failures }: Outcome, chance: number, choice: number): number | undefined => {
  if (failures === undefined || chance >= failures.share) return exitCode
  const codes = failures.exitCodes ?? [1]
  return codes[Math.floor(choice * codes.length)] ?? 1
}

/** Init containers count first. */
const containerOf = ({ spec }: PodToRun, name: string): number =>
  [...(spec.initContainers ?? []), ...spec.containers].findIndex((container) => container.name === name)
