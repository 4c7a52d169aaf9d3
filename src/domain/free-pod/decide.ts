import { E } from '../../prelude.ts'
import type { FreePodEvent, FreePodEventOf } from './events.ts'
import { type FreePod, type FreePodState, isAdoptable } from './free-pod.ts'

type Json = Readonly<Record<string, unknown>>

export type FreePodCommand =
  /** A user creates a Pod, or a Job lets one go. */
  | ({ readonly type: 'ReceivePod'; readonly form: Json } & Omit<FreePodEventOf<'FreePodReceived'>, 'type' | 'at'>)
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
  ({ type: _, form, ...received }: Extract<FreePodCommand, { readonly type: 'ReceivePod' }>, at: number) =>
  (state: FreePodState): E.Either<FreePodRefusal, ReadonlyArray<FreePodEvent>> => {
    if (state._tag === 'FreePod') {
      const { from } = received
      if (from !== null && state.from?.job === from.job && state.from.pod === from.pod) return E.right([])
      if (state.givenTo === null) return E.left({ _tag: 'PodAlreadyExists' })
    }
    return E.right([
      { type: 'FreePodFormRecorded', form, at },
      { type: 'FreePodReceived', ...received, at },
    ])
  }

/** [10.4] As for Pods of Jobs: no grace where nothing has to be ended, and a deletion told again may only shorten it. */
const deletePod = (asked: number | null, pod: FreePod, at: number): ReadonlyArray<FreePodEvent> => {
  const graceSeconds = pod.hasEnded || !pod.hasNode ? 0 : (asked ?? pod.gracePeriodSeconds)
  if (pod.deletion !== null && graceSeconds >= pod.deletion.graceSeconds) return []
  const deletion = { at, graceSeconds }
  return [{ type: 'FreePodDeletionRequested', graceSeconds, at }, ...endOf({ ...pod, deletion }, at)]
}

/** The object goes when its grace is 0 and nothing holds it. */
const endOf = ({ deletion, hasFinalizers }: FreePod, at: number): ReadonlyArray<FreePodEvent> =>
  deletion?.graceSeconds === 0 && !hasFinalizers ? [{ type: 'FreePodRemoved', at }] : []
