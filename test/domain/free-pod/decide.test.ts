import { describe, expect, test } from 'vitest'
import { decideFreePod, type FreePodCommand } from '../../../src/domain/free-pod/decide.ts'
import { evolveFreePod, type FreePodState, noFreePod } from '../../../src/domain/free-pod/free-pod.ts'
import { E } from '../../../src/prelude.ts'

const received: FreePodCommand = {
  type: 'ReceivePod',
  uid: 'pod-1',
  namespace: 'default',
  name: 'alone',
  from: null,
  gracePeriodSeconds: 30,
  hasNode: true,
  hasEnded: false,
  hasFinalizers: false,
  deletion: null,
  form: {},
}
const changed: FreePodCommand = { type: 'ChangePod', patch: {}, hasNode: true, hasFinalizers: false }

const after = (...commands: ReadonlyArray<FreePodCommand>): FreePodState =>
  commands.reduce((state, command) => {
    const decision = decideFreePod(command, { at: 1 })(state)
    if (E.isLeft(decision)) throw new Error(decision.left._tag)
    return evolveFreePod(state, decision.right)
  }, noFreePod as FreePodState)

const versionOf = (state: FreePodState): number => (state._tag === 'FreePod' ? state.version : 0)
const giving = (version: number): FreePodCommand => ({ type: 'GiveAway', to: 'job-1', version })

describe('[8.1] a Pod that a Job finds', () => {
  const pod = after(received)

  test('is given to it as it was found', () =>
    expect(decideFreePod(giving(versionOf(pod)), { at: 2 })(pod)).toStrictEqual(
      E.right([{ type: 'FreePodGivenAway', to: 'job-1', at: 2 }]),
    ))

  test('is not, when it has changed since: the selector may not find it any more', () =>
    expect(decideFreePod(giving(versionOf(pod)), { at: 2 })(after(received, changed))).toStrictEqual(
      E.left({ _tag: 'PodNotAdoptable' }),
    ))

  test('is given once, however often that is told', () => {
    const given = after(received, giving(versionOf(pod)))
    expect(decideFreePod(giving(versionOf(pod)), { at: 2 })(given)).toStrictEqual(E.right([]))
  })

  test.each<FreePodCommand>([
    changed,
    { type: 'ReportPod', status: {}, hasEnded: true },
    { type: 'DeletePod', graceSeconds: null },
  ])('takes no $type on its way to the Job, where it would be lost', (command) =>
    expect(decideFreePod(command, { at: 2 })(after(received, giving(versionOf(pod))))).toStrictEqual(
      E.left({ _tag: 'PodGivenAway' }),
    ),
  )

  test('may be changed again when the Job did not take it', () =>
    expect(
      decideFreePod(changed, { at: 2 })(after(received, giving(versionOf(pod)), { type: 'TakeBack' })),
    ).toMatchObject(E.right([{ type: 'FreePodChanged' }])))
})
