import { freePodEvents } from '../../../src/domain/free-pod/events.ts'
import type { Sheet } from './matrix.ts'

/** The states of a Pod's own stream that a schedule can reach: `given` is with a Job, or on its way there. */
export const freePodStates = ['unborn', 'free', 'given', 'leaving', 'gone'] as const
export type FreePodReached = (typeof freePodStates)[number]

const all = Object.keys(freePodEvents)
const births = ['FreePodFormRecorded', 'FreePodReceived']

export const freePodSheet: Sheet = {
  types: all,
  states: freePodStates,
  reasons: [
    { types: all.filter((type) => !births.includes(type)), states: ['unborn'], because: 'a stream begins with its Pod' },
    { types: births, states: ['free', 'leaving', 'gone'], because: 'a Pod comes when nobody has told of it, or when a Job has it' },
    { types: all, states: ['gone'], because: 'there is no object to change' },
    { types: ['FreePodGivenAway'], states: ['given', 'leaving'], because: 'no Job takes a Pod that is another’s, or that goes' },
    { types: ['FreePodTakenBack'], states: ['free', 'leaving'], because: 'it was not given away' },
    { types: ['FreePodRunTakenOver'], states: ['given'], because: 'it is free again by then' },
    { types: ['FreePodPlaced'], states: ['leaving'], because: 'a Pod that goes needs no node' },
    { types: ['FreePodRemoved'], states: ['free'], because: 'the request comes first' },
    {
      types: [
        'FreePodChanged',
        'FreePodStatusRecorded',
        'FreePodPlaced',
        'FreePodObserved',
        'FreePodDeletionRequested',
        'FreePodRemoved',
      ],
      states: ['given'],
      because: 'what happens to it is told in the stream of its Job',
    },
  ],
}
