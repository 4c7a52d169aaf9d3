import { type JobEventType, jobEvents } from '../../src/domain/job/events.ts'
import type { ObservedJob } from './observed/observed-job.ts'

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

/** How often each type of event came in each state. */
export type Coverage = Map<string, number>

export const cell = (type: JobEventType, state: ReachedState): string => `${type} ${state}`

export const addCoverage = (sum: Coverage, more: Iterable<readonly [string, number]>): void => {
  for (const [key, count] of more) sum.set(key, (sum.get(key) ?? 0) + count)
}

const decided = ['succeeding', 'failing'] as const
const over = ['complete', 'failed'] as const
const gone = ['deleting', 'deleted'] as const
type Reason = {
  readonly types: ReadonlyArray<JobEventType>
  readonly states: ReadonlyArray<ReachedState>
  readonly because: string
}

const births: ReadonlyArray<JobEventType> = ['ManifestRecorded', 'JobCreated']
const all = Object.keys(jobEvents) as ReadonlyArray<JobEventType>
const ofSyncs: ReadonlyArray<JobEventType> = [
  'PodCreated',
  'PodHeldBack',
  'IndexFailed',
  'SuccessCriteriaMet',
  'FailureTargeted',
  'JobCompleted',
  'JobFailed',
  'JobSynced',
  'StatusWithheld',
]
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
  'JobDeletionRequested',
]

/** Why a cell is empty, for ever. */
const reasons: ReadonlyArray<Reason> = [
  { types: all.filter((type) => !births.includes(type)), states: ['unborn'], because: 'a stream begins with its Job' },
  { types: births, states: reachedStates.slice(1), because: 'a Job is created once' },
  { types: ofSyncs, states: [...over, ...gone, 'foreign'], because: 'no sync looks at such a Job (S-4, W-5, M-1)' },
  { types: ofPods, states: ['foreign'], because: 'nobody here makes Pods for such a Job' },
  {
    types: ['PodFormRecorded', 'PodAdopted'],
    states: reachedStates,
    because: 'Pods without a Job have streams of their own: the conformance suite plays their adoption',
  },
  {
    types: ['JobStatusReported', 'JobStatusRecorded'],
    states: reachedStates,
    because: 'the next sync writes it anew, and of foreign Jobs nobody here reads it: it is played through the API',
  },
  { types: ofChanges, states: ['deleted'], because: 'there is no object to change' },
  { types: ['JobDeleted'], states: ['deleted'], because: 'it is gone already' },
  { types: ['JobDeletionRequested'], states: ['deleting'], because: 'it was asked for already' },
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

export const reasonFor = (type: JobEventType, state: ReachedState): string | null =>
  reasons.find(({ types, states }) => types.includes(type) && states.includes(state))?.because ?? null

/** The matrix as text, and the empty cells that nobody has explained. */
export const matrixOf = (
  coverage: Coverage,
): { readonly lines: ReadonlyArray<string>; readonly unexplained: ReadonlyArray<string> } => {
  const unexplained: string[] = []
  const used = new Map<string, string>()
  const letterOf = (because: string): string => {
    if (!used.has(because)) used.set(because, String.fromCharCode(97 + used.size))
    return used.get(because)!
  }
  const rows = all.map((type) => [
    type,
    ...reachedStates.map((state) => {
      const count = coverage.get(cell(type, state)) ?? 0
      if (count > 0) return `${count}`
      const because = reasonFor(type, state)
      if (because !== null) return letterOf(because)
      unexplained.push(`${type} while ${state}`)
      return '?'
    }),
  ])
  const table = [['', ...reachedStates], ...rows]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  const lines = table.map((row) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!))).join(' '),
  )
  return { lines: [...lines, ...[...used].map(([because, letter]) => `  ${letter}: ${because}`)], unexplained }
}
