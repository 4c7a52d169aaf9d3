import { cronJobEvents } from '../../../src/domain/cronjob/events.ts'
import type { Sheet } from './matrix.ts'

/** The states of a CronJob that a schedule can reach: `starting` wants a Job that is not there yet, `active` has Jobs. */
export const cronStates = ['unborn', 'waiting', 'starting', 'active', 'suspended', 'deleting', 'deleted'] as const
export type CronState = (typeof cronStates)[number]

const all = Object.keys(cronJobEvents)
const births = ['CronJobManifestRecorded', 'CronJobCreated']
const starts = ['RunScheduled', 'RunForbidden', 'TooManyTimesMissed', 'ScheduleRefused']
const answers = ['RunStarted', 'RunBlocked', 'RunRefused']
const bookkeeping = ['RunFinished', 'RunSucceeded', 'RunVanished', 'RunRemoved', 'UnexpectedJobSeen']

export const cronSheet: Sheet = {
  types: all,
  states: cronStates,
  reasons: [
    { types: all.filter((type) => !births.includes(type)), states: ['unborn'], because: 'a stream begins with its CronJob' },
    { types: ['CronJobCreated'], states: cronStates.slice(1), because: 'a CronJob is created once' },
    {
      types: [...answers, ...bookkeeping.slice(0, 3), 'CronJobManifestRecorded', 'CronJobChanged', 'CronJobDeletionRequested'],
      states: ['deleted'],
      because: 'there is no object to change',
    },
    { types: ['RunRemoved'], states: ['deleted'], because: 'nobody looks what became of the Jobs of a CronJob that is gone' },
    { types: ['CronJobDeletionRequested'], states: ['deleting'], because: 'it was asked for already' },
    { types: ['CronJobDeleted'], states: ['waiting', 'starting', 'active', 'suspended', 'deleted'], because: 'the request comes first, and once' },
    { types: starts, states: ['suspended', 'deleting', 'deleted'], because: 'such a CronJob starts nothing' },
    { types: starts, states: ['starting'], because: 'one run is under way at a time' },
    { types: ['RunForbidden'], states: ['waiting'], because: 'no Job is active' },
    { types: answers, states: ['waiting', 'active', 'suspended'], because: 'no run waits for its answer' },
    {
      types: ['CronJobSynced', 'CronJobStatusReplaced', 'CronJobChanged', 'CronJobManifestRecorded'],
      states: ['deleting', 'deleted'],
      because: 'nobody looks after or changes a CronJob that goes',
    },
    { types: ['RunBlocked'], states: cronStates, because: 'nobody here makes a Job under the name of a run: the tests of CronJobs do' },
    { types: ['RunRefused'], states: cronStates, because: 'every drawn template makes a valid Job: the tests of CronJobs have others' },
    { types: ['ScheduleRefused'], states: cronStates, because: 'every drawn schedule can be followed: the tests of schedules have others' },
    { types: ['TooManyTimesMissed'], states: cronStates, because: 'no clock jumps over a hundred times' },
    { types: ['CronJobStatusReplaced'], states: cronStates, because: 'a status that is restored is played through the API' },
    { types: ['UnexpectedJobSeen'], states: cronStates, because: 'nobody here makes Jobs by hand in the name of a CronJob' },
    { types: ['RunFinished', 'RunVanished'], states: ['waiting'], because: 'no Job is active' },
  ],
}
