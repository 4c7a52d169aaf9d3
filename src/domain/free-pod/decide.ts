import { E } from '../../prelude.ts'
import type { PodObservation } from '../job/observations.ts'
import type { PodRun } from '../job/pod-run.ts'
import type { FreePodEvent, FreePodEventOf } from './events.ts'
import { type FreePod, type FreePodState, isAdoptable } from './free-pod.ts'

type Json = Readonly<Record<string, unknown>>

export type FreePodCommand =
  /** A user creates a Pod, or a Job lets one go. */
  | ({
      readonly type: 'ReceivePod'
      readonly form: Json
      /** It runs here already. */
      readonly run?: PodRun
    } & Omit<FreePodEventOf<'FreePodReceived'>, 'type' | 'at'>)
  /** It is to run here, on this node. */
  | { readonly type: 'PlacePod'; readonly node: string }
  /** What a runtime saw, in order. */
  | { readonly type: 'RecordFacts'; readonly observations: ReadonlyArray<PodObservation> }
  | { readonly type: 'ChangePod'; readonly patch: Json; readonly hasNode: boolean; readonly hasFinalizers: boolean }
  | { readonly type: 'ReportPod'; readonly status: Json; readonly hasEnded: boolean }
  /** A client gives it to a node: a change and a report in one. */
  | {
      readonly type: 'BindPod'
      readonly change: Extract<FreePodCommand, { readonly type: 'ChangePod' }>
      readonly report: Extract<FreePodCommand, { readonly type: 'ReportPod' }>
    }
  | { readonly type: 'DeletePod'; readonly graceSeconds: number | null }
  /** `version`: of the Pod that the selector of the Job found. */
  | { readonly type: 'GiveAway'; readonly to: string; readonly version: number }
  | { readonly type: 'TakeBack' }

export type FreePodRefusal =
  | { readonly _tag: 'PodNotFound' }
  | { readonly _tag: 'PodAlreadyExists' }
  /** A Job has it, or is about to: it is told there what happens to it. */
  | { readonly _tag: 'PodGivenAway' }
  /** It is being deleted, gone, or another Job has it; or it is not what it was. */
  | { readonly _tag: 'PodNotAdoptable' }

/** What follows from a command. Deciding twice is harmless: what is so already yields no events. */
export const decideFreePod =
  (command: FreePodCommand, { at }: { readonly at: number }) =>
  (state: FreePodState): E.Either<FreePodRefusal, ReadonlyArray<FreePodEvent>> => {
    if (command.type === 'ReceivePod') return receive(command, at)(state)
    if (state._tag === 'NoFreePod' || state.isRemoved) return E.left({ _tag: 'PodNotFound' })
    if (state.givenTo !== null && command.type !== 'GiveAway' && command.type !== 'TakeBack')
      return E.left({ _tag: 'PodGivenAway' })
    switch (command.type) {
      case 'ChangePod': {
        const { patch, hasNode, hasFinalizers } = command
        const changed: FreePodEvent = { type: 'FreePodChanged', patch, hasNode, hasFinalizers, at }
        return E.right([changed, ...endOf({ ...state, hasFinalizers }, at)])
      }
      case 'PlacePod':
        return E.right(
          state.node !== null || state.hasEnded || state.deletion !== null || state.givenTo !== null
            ? []
            : [{ type: 'FreePodPlaced', node: command.node, at }],
        )
      case 'RecordFacts':
        return E.right(recordFacts(command.observations, state, at))
      case 'ReportPod': {
        const { status, hasEnded } = command
        return E.right([{ type: 'FreePodStatusRecorded', status, hasEnded, at }])
      }
      case 'BindPod': {
        const { type: _, ...changed } = command.change
        const { type: _r, ...reported } = command.report
        return E.right([
          { type: 'FreePodChanged', ...changed, at },
          { type: 'FreePodStatusRecorded', ...reported, at },
        ])
      }
      case 'DeletePod':
        return E.right(deletePod(command.graceSeconds, state, at))
      case 'GiveAway':
        if (state.givenTo === command.to) return E.right([])
        return isAdoptable(state) && state.version === command.version
          ? E.right([{ type: 'FreePodGivenAway', to: command.to, at }])
          : E.left({ _tag: 'PodNotAdoptable' })
      case 'TakeBack':
        return E.right(state.givenTo === null ? [] : [{ type: 'FreePodTakenBack', at }])
    }
  }

/** The same reception told again changes nothing; a Pod that a Job had taken over may come back. */
const receive =
  ({ type: _, form, run, ...received }: Extract<FreePodCommand, { readonly type: 'ReceivePod' }>, at: number) =>
  (state: FreePodState): E.Either<FreePodRefusal, ReadonlyArray<FreePodEvent>> => {
    if (state._tag === 'FreePod') {
      const { from } = received
      if (from !== null && state.from?.job === from.job && state.from.pod === from.pod) return E.right([])
      if (state.givenTo === null) return E.left({ _tag: 'PodAlreadyExists' })
    }
    return E.right([
      { type: 'FreePodFormRecorded', form, at },
      { type: 'FreePodReceived', ...received, at },
      ...(run === undefined ? [] : [{ type: 'FreePodRunTakenOver', node: run.node, place: run.place, at } as const]),
      ...(run?.observations ?? []).map((observation) => ({ type: 'FreePodObserved', observation, at }) as const),
    ])
  }

/** Nothing that comes after its end changes a Pod; one that was to be deleted goes with its end. */
const recordFacts = (
  observations: ReadonlyArray<PodObservation>,
  pod: FreePod,
  at: number,
): ReadonlyArray<FreePodEvent> => {
  if (pod.node === null || pod.hasEnded) return []
  const end = observations.findIndex(({ type }) => type === 'PodSucceeded' || type === 'PodFailed')
  const seen = end < 0 ? observations : observations.slice(0, end + 1)
  return [
    ...seen.map((observation) => ({ type: 'FreePodObserved', observation, at }) as const),
    ...(end < 0 ? [] : endOf({ ...pod, hasEnded: true }, at)),
  ]
}

/** [10.4] As for Pods of Jobs: no grace where nothing has to be ended, and a deletion told again may only shorten it. */
const deletePod = (asked: number | null, pod: FreePod, at: number): ReadonlyArray<FreePodEvent> => {
  const graceSeconds = pod.hasEnded || !pod.hasNode ? 0 : (asked ?? pod.gracePeriodSeconds)
  if (pod.deletion !== null && graceSeconds >= pod.deletion.graceSeconds) return []
  const deletion = { at, graceSeconds }
  return [{ type: 'FreePodDeletionRequested', graceSeconds, at }, ...endOf({ ...pod, deletion }, at)]
}

/** The object goes when nothing holds it, and its grace is 0 or, where it runs here, it has ended. */
const endOf = ({ deletion, hasFinalizers, node, hasEnded }: FreePod, at: number): ReadonlyArray<FreePodEvent> => {
  const isOver = node === null ? deletion?.graceSeconds === 0 : deletion !== null && hasEnded
  return isOver && !hasFinalizers ? [{ type: 'FreePodRemoved', at }] : []
}
