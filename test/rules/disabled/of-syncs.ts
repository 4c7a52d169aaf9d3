import { disabledIn } from './disabled-rule.ts'

/** What a sync does, and when it comes. */
export const disabledSyncs = [
  ...disabledIn('domain/job/reconcile.ts', [
    ['F-18', 'isFinished(present) || ', '', 'domain/job/endings', '[F-18] a finished Job is never touched again'],
    ['S-3', ' || present.terms.managedElsewhere', '', 'domain/job/when-to-sync', '[S-3]'],
    ['R-1', 'present.deletion !== null || ', '', 'domain/job/verdicts', '[R-1] is not told of a Job'],
    ['B-4', '...backoffAfter(before, counting.pods), ', '', 'domain/job/accounting', '[B-4]'],
    ['C-7', 'startTime ?? (terms.suspend ? null : at)', 'startTime', 'domain/job/reconcile', '[C-7, P-2]'],
    ['F-2', 'job.interim ?? (counting.complete', '(counting.complete', 'domain/job/verdicts', '[F-2]'],
  ]),
  ...disabledIn('domain/job/publication.ts', [
    ['F-14', 'counts.terminating === 0 && (', '(', 'domain/job/endings', '[F-14] waits for what still terminates'],
    [
      'F-12',
      'job.interim === null) events',
      'job.finished !== null) events',
      'domain/job/reconcile',
      '[J-1, F-9, F-12]',
    ],
    ['R-3', 'suspended === true ? null : suspended === false ? at : ', '', 'domain/job/suspension', '[R-3]'],
    ['R-7', 'startTime !== null || (', 'startTime !== null || !(', 'domain/job/suspension', '[R-7]'],
    ['P-11', 'job.counts.terminating + vanished', 'job.counts.terminating', 'domain/job/accounting', '[P-11]'],
  ]),
  ...disabledIn('domain/job/count-pods.ts', [
    ['T-4', 'complete: job.uncounted.length <= max', 'complete: true', 'domain/job/accounting', '[T-4, T-11]'],
    [
      'C-4',
      "=== 'Ignore' ? 'ignored' : 'failed'\n}",
      "=== 'Ignore' ? 'failed' : 'failed'\n}",
      'domain/job/accounting',
      '[C-4]',
    ],
  ]),
  ...disabledIn('domain/job/pods-to-create.ts', [
    ['P-4', "job.terms.podReplacementPolicy === 'Failed' ?", 'job.deleted ?', 'domain/job/number-of-pods', '[P-4]'],
    ['P-5', 'end !== null && end > at', 'end === -1', 'domain/job/accounting', '[P-5]'],
    ['I-1', '[job.completed, job.held,', '[job.held,', 'domain/job/number-of-pods', '[I-1] not one that is completed'],
    [
      'I-3',
      'of freeIndexes(job, missing)',
      'of freeIndexes(job, missing + 1)',
      'domain/job/backoff-limit-per-index',
      '[I-3]',
    ],
    [
      'P-6',
      'if (end <= at) ready.push(index)',
      'if (end <= at + 1e6) ready.push(index)',
      'domain/job/accounting',
      '[P-6]',
    ],
  ]),
  ...disabledIn('domain/job/pods-to-delete.ts', [
    [
      'R-5',
      "[{ type: 'PodAccounted', pod, as: 'uncounted', at }, ...deletion]",
      "[{ type: 'PodAccounted', pod, as: 'failed', at }, ...deletion]",
      'domain/job/suspension',
      '[P-1, R-5]',
    ],
    ['F-11', 'if (row.deleting) return', 'if (row.pod < 0) return', 'domain/job/accounting', '[F-11]'],
  ]),
  ...disabledIn('domain/job/sync-plan.ts', [
    ['T-3', "_tag === 'Failure' ? 'failed' : 'uncounted'", "'uncounted'", 'domain/job/reconcile', '[T-3, F-14]'],
    [
      'P-3',
      'if (excess.pods.length > 0) return',
      'if (excess.pods.length > 900) return',
      'domain/job/number-of-pods',
      '[P-3] a sync that deletes creates nothing',
    ],
  ]),
  ...disabledIn('domain/job/status-refusal.ts', [
    [
      'I-12',
      'job.terms.completions !== job.terms.parallelism',
      'job.terms.parallelism < 0',
      'domain/job/elastic',
      '[I-12, V-27] stays as it was',
    ],
  ]),
  ...disabledIn('domain/job/agenda.ts', [
    [
      'E-1',
      'generation !== syncedGeneration',
      'syncedGeneration === 0',
      'domain/job/when-to-sync',
      '[E-1] of a new Job and of a new spec',
    ],
    ['E-10', 'when(job.interim === null, job.retryAt)', 'O.none', 'domain/job/when-to-sync', '[E-10]'],
    [
      'G-1',
      '+ terms.ttlSecondsAfterFinished * 1000',
      '- terms.ttlSecondsAfterFinished * 1000',
      'domain/job/endings',
      '[G-1] counts from the terminal condition',
    ],
  ]),
  ...disabledIn('domain/job/decide.ts', [
    [
      'G-2',
      "{ type: 'JobDeletionRequested', propagation: 'Foreground', at }",
      "{ type: 'JobDeletionRequested', propagation: 'Background', at }",
      'domain/job/reconcile',
      '[G-1, G-2]',
    ],
    ['G-4', 'expiry === null || at < expiry', 'expiry === null', 'domain/job/verdicts', '[G-4]'],
  ]),
  ...disabledIn('domain/job/evolve/counting.ts', [
    [
      'I-6',
      '  if (putIndex(draft.completed, index, true)) indexCompleted(draft, index)',
      '  putIndex(draft.completed, index, true)\n  draft.counts.succeeded += 1',
      'domain/job/accounting',
      '[I-6]',
    ],
    ['T-8', '(flags & ~P.tracked) | counted', 'flags | counted', 'domain/job/accounting', '[T-8, T-9]'],
  ]),
  ...disabledIn('domain/job/evolve/pods.ts', [
    [
      'C-8',
      '    awaitCount(draft, chunk, place, event.pod)\n',
      '',
      'domain/job/pod-deletion',
      '[C-8] it counts as failed',
    ],
    [
      'O-6',
      '  draft.job.restarts -= P.get(chunk, place, P.field.restarts)\n  if (phase',
      '  if (phase',
      'domain/job/backoff',
      '[O-6]',
    ],
  ]),
  ...disabledIn('domain/job/evolve/terms.ts', [
    [
      'I-9',
      'if (index >= completions) putIndex',
      'if (index < 0) putIndex',
      'domain/job/elastic',
      '[I-9] dropped indexes leave completedIndexes',
    ],
  ]),
  ...disabledIn('domain/job/evolve/claims.ts', [
    ['S-8', '  draft.counts.active += 1\n', '', 'domain/job/accounting', '[S-8]'],
  ]),
  ...disabledIn('domain/job/change-pod.ts', [
    [
      'W-1',
      'job.deletion !== null || isFinished(job) || ',
      '',
      'domain/job/accounting',
      '[W-1] is not, by a Job that is being deleted',
    ],
    ['W-4', '=> releasePod(podRow(job.pods, pod), at))', '=> [])', 'application/api/free-pods', '[W-4, J-23]'],
  ]),
  ...disabledIn('domain/job/job-terms.ts', [
    [
      'M-1',
      'spec.managedBy !== builtInController',
      'spec.managedBy === builtInController',
      'rules/checklist/ownership',
      '[J-27, M-1]',
    ],
  ]),
]
