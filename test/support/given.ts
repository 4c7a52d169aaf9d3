import { expect } from 'vitest'
import type { ChangeJob, JobCommand } from '../../src/domain/job/commands.ts'
import { decide } from '../../src/domain/job/decide.ts'
import type { JobEvent, JobEventOf, JobEventType } from '../../src/domain/job/events.ts'
import { evolveAll } from '../../src/domain/job/evolve.ts'
import { type Job, type JobState, noJob } from '../../src/domain/job/job.ts'
import type { PodObservation } from '../../src/domain/job/observations.ts'
import type { JobRefusal } from '../../src/domain/job/refusals.ts'
import { E } from '../../src/prelude.ts'
import { start } from './facts.ts'

/** An event of which a test names what it is about. */
export type Said = { readonly [K in JobEventType]: { readonly type: K } & Partial<JobEventOf<K>> }[JobEventType]

/** A Job with a past: `given(...events).and(command, at).when(command, at).emits(...events)`. */
export const given = (...past: ReadonlyArray<JobEvent>): Given => standing(evolveAll(noJob, past))

export type Given = {
  /** One more command that was done before; its events join the past. */
  readonly and: (command: JobCommand, at?: number) => Given
  readonly when: (command: JobCommand, at?: number) => Outcome
  readonly state: JobState
  /** The state of a Job that exists. */
  readonly job: Job
}

export type Outcome = {
  /** Exactly these events, in this order; fields that are not named may be anything. No event at all: it says nothing. */
  readonly emits: (...expected: ReadonlyArray<Said>) => void
  /** The same with types alone. */
  readonly says: (...expected: ReadonlyArray<JobEventType>) => void
  readonly refuses: (refusal: JobRefusal) => void
  readonly events: ReadonlyArray<JobEvent>
}

const standing = (state: JobState): Given => {
  const decided = (command: JobCommand, at: number) => decide(command, { at, seed: 'seed-1' })(state)
  const eventsOf = (command: JobCommand, at: number): ReadonlyArray<JobEvent> => {
    const decision = decided(command, at)
    if (E.isLeft(decision)) throw new Error(`${command.type} was refused: ${JSON.stringify(decision.left)}`)
    return decision.right
  }
  return {
    state,
    get job() {
      if (state._tag === 'NoJob') throw new Error('there is no Job')
      return state
    },
    and: (command, at = start) => standing(evolveAll(state, eventsOf(command, at))),
    when: (command, at = start) => ({
      emits: (...expected) => expect(eventsOf(command, at)).toMatchObject(expected),
      says: (...expected) => expect(eventsOf(command, at).map(({ type }) => type)).toStrictEqual(expected),
      refuses: (refusal) => expect(decided(command, at)).toStrictEqual(E.left(refusal)),
      get events() {
        return eventsOf(command, at)
      },
    }),
  }
}

/** The sync: whatever the rules want of the Job now. */
export const sync: JobCommand = { type: 'CreatePods' }

export const change = (over: Omit<ChangeJob, 'type'>): JobCommand => ({ type: 'ChangeJob', ...over })

/** What a runtime saw of one Pod. */
export const saw = (pod: number, ...observations: ReadonlyArray<PodObservation>): JobCommand => ({
  type: 'RecordPodFacts',
  facts: observations.map((observation) => ({ pod, observation })),
})

export const started = (pod: number, at = start, ready = true): JobCommand =>
  saw(pod, { type: 'PodStarted', ready, at })

export const succeeded = (pod: number, at = start): JobCommand => saw(pod, { type: 'PodSucceeded', at })

export const failed = (pod: number, at = start, exitCode = 1): JobCommand =>
  saw(pod, { type: 'PodFailed', reason: null, exitCode, at })

export const launched = (pod: number, at = start, restart = 0): JobCommand =>
  saw(pod, { type: 'ProcessStarted', container: 0, restart, bootId: 'boot', pid: 7, startTicks: 9, at })

export const deletePod = (pod: number, graceSeconds: number | null = null): JobCommand => ({
  type: 'DeletePod',
  pod,
  graceSeconds,
})

/** A container of the Pod ends with this exit code, and the Pod fails with it. */
export const failedWith = (pod: number, exitCode: number, at = start, container = 0): JobCommand => {
  const seen = { restart: 0, signal: 0, reason: 'Error', startedAt: at, logBytes: 0, logSha256: '', at } as const
  return saw(
    pod,
    { type: 'ContainerExited', container, exitCode, ...seen },
    { type: 'PodFailed', reason: null, exitCode, at },
  )
}

/** The node of the Pod is lost, which disrupts it. */
export const disrupted = (pod: number, at = start): JobCommand =>
  saw(pod, { type: 'PodFailed', reason: 'NodeLost', exitCode: null, at })
