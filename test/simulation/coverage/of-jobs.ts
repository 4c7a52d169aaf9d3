import { type JobEventType, jobEvents } from '../../../src/domain/job/events.ts'
import { ofSyncs } from '../observed/kinds-of-events.ts'
import type { ObservedJob } from '../observed/observed-job.ts'
import type { Sheet } from './matrix.ts'

/** The states of a Job that a schedule can reach, in the order of a life. */
export const reachedStates = [
  'unborn',
  'new',
  'running',
  'backing off',
  'suspended',
  'succeeding',
  'failing',
  'complete',
  'failed',
  'deleting',
  'deleted',
  'foreign',
] as const
export type ReachedState = (typeof reachedStates)[number]

export const stateOf = (job: ObservedJob): ReachedState => {
  if (job.isDeleted) return 'deleted'
  if (job.deletion !== null) return 'deleting'
  if (job.spec.managedBy !== undefined) return 'foreign'
  if (job.finished !== null) return job.finished.type === 'success' ? 'complete' : 'failed'
  if (job.interim !== null) return job.interim.type === 'success' ? 'succeeding' : 'failing'
  if (job.spec.suspend) return 'suspended'
  if (job.syncs === 0) return 'new'
  return job.retryAt === null ? 'running' : 'backing off'
}

const decided = ['succeeding', 'failing'] as const
const over = ['complete', 'failed'] as const
const gone = ['deleting', 'deleted'] as const
const births: ReadonlyArray<JobEventType> = ['ManifestRecorded', 'JobCreated']
const all = Object.keys(jobEvents) as ReadonlyArray<JobEventType>
const ofPods = all.filter((type) => 'pod' in jobEvents[type].type.props)
const ofChanges: ReadonlyArray<JobEventType> = [
  'JobSuspended',
  'JobResumed',
  'ParallelismChanged',
  'CompletionsChanged',
  'PodReplacementPolicyChanged',
  'MaxFailedIndexesChanged',
  'BackoffLimitChanged',
  'ActiveDeadlineChanged',
  'TtlChanged',
  'JobChanged',
  'JobStatusReported',
  'JobStatusRecorded',
  'JobDeletionRequested',
]

/** Why a cell is empty, for ever. */
const reasons: Sheet['reasons'] = [
  { types: all.filter((type) => !births.includes(type)), states: ['unborn'], because: 'a stream begins with its Job' },
  { types: births, states: reachedStates.slice(1), because: 'a Job is created once' },
  { types: ofSyncs, states: [...over, ...gone, 'foreign'], because: 'no sync looks at such a Job (S-4, W-5, M-1)' },
  { types: ofPods, states: ['foreign'], because: 'nobody here makes Pods for such a Job' },
  {
    types: ['PodFormRecorded', 'PodAdopted', 'PodRunTakenOver', 'PodBound'],
    states: [...over, ...gone],
    because: 'such a Job takes nothing over (W-1)',
  },
  {
    types: ['PodDisrupted', 'PodUnschedulable'],
    states: reachedStates,
    because: 'evictions, nodes and bindings are played through the API',
  },
  {
    types: ['JobDependentsSettled'],
    states: reachedStates.filter((state) => state !== 'deleting'),
    because: 'only a Job that goes waits for those that depend on it',
  },
  { types: ofChanges, states: ['deleted'], because: 'there is no object to change' },
  { types: ['JobDeleted'], states: ['deleted'], because: 'it is gone already' },
  { types: ['JobSuspended'], states: ['suspended'], because: 'it is suspended already' },
  { types: ['JobResumed'], states: ['new', 'running', 'backing off'], because: 'it is not suspended' },
  {
    types: ['PodCreated', 'PodHeldBack'],
    states: [...decided],
    because: 'a decided Job has no further Pods (F-1, F-2)',
  },
  { types: ['PodCreated'], states: ['suspended'], because: 'a suspended Job has no new Pods (P-1)' },
  {
    types: ['SuccessCriteriaMet', 'FailureTargeted'],
    states: [...decided],
    because: 'the first verdict stands (F-1, F-2)',
  },
  {
    types: ['JobCompleted', 'JobFailed'],
    states: ['new', 'running', 'backing off', 'suspended'],
    because: 'the interim condition comes first (F-12)',
  },
  {
    types: ['PodAccounted'],
    states: ['succeeding', 'failing'],
    because: 'the sync that decides lets every Pod go (T-3)',
  },
  {
    types: ['IndexFailed'],
    states: ['new', 'succeeding', 'failing'],
    because: 'an index fails with a Pod of its own, before the verdict',
  },
  { types: ['FailureTargeted'], states: ['new'], because: 'nothing can have failed before the first sync' },
  { types: ['StatusWithheld'], states: ['new'], because: 'nothing has been published that could fall' },
  { types: ['JobCompleted'], states: ['failing'], because: 'the verdict was failure' },
  { types: ['JobFailed'], states: ['succeeding'], because: 'the verdict was success' },
  {
    types: ofPods.filter((type) => type !== 'PodCreated'),
    states: ['new'],
    because: 'Pods come with the first sync',
  },
  {
    types: [
      'ProcessStarted',
      'ContainerWaiting',
      'PodStarted',
      'PodReadinessChanged',
      'ContainerExited',
      'MessageRecorded',
      'PodSucceeded',
      'PodFailed',
    ],
    states: [...over],
    because: 'its Pods have all ended (F-14)',
  },
  {
    types: ['JobDeleted'],
    states: ['new', 'running', 'backing off', 'suspended', ...decided, ...over, 'foreign'],
    because: 'the request comes first',
  },
  { types: ['PodAccounted'], states: [...over, 'deleted'], because: 'every Pod was accounted for before' },
]

/** The matrix of Jobs: types of events by the state of the Job they came to. */
export const jobSheet: Sheet = { types: all, states: reachedStates, reasons }
