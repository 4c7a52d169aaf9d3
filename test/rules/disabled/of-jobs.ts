import { disabledIn } from './disabled-rule.ts'

/** Counting, indexes, suspension and deletion, in their details. */
export const disabledJobRules = [
  ...disabledIn('domain/job/pods-to-create.ts', [
    ['B-5', 'end !== null && end > at)', 'end === -1)', 'domain/job/backoff', '[B-5] every creation'],
    ['I-2', 'from = index + 1', 'from = index + 2', 'domain/job/number-of-pods', '[I-2]'],
    ['R-6', "job.terms.podReplacementPolicy === 'Failed' ?", 'job.deleted ?', 'domain/job/suspension', '[R-6]'],
    [
      'I-4',
      'let from = job.firstFreeIndex',
      'let from = job.podsPerIndex.length + job.firstFreeIndex',
      'domain/job/number-of-pods',
      '[I-4]',
    ],
  ]),
  ...disabledIn('domain/job/evolve/pods.ts', [
    ['B-6', '    awaitCount(draft, chunk, place, event.pod)\n', '', 'domain/job/backoff', '[B-6]'],
    [
      'C-1',
      'P.put(chunk, place, P.field.startedAt, event.at)',
      'P.put(chunk, place, P.field.startedAt, event.at)\n  return unsynced(draft, event.at)',
      'domain/job/number-of-pods',
      '[C-1]',
    ],
  ]),
  ...disabledIn('domain/job/evolve/counting.ts', [
    [
      'C-3',
      'draft.counts.succeeded = draft.completed.size',
      'draft.counts.succeeded += 2',
      'domain/job/accounting',
      '[C-3]',
    ],
    [
      'I-5',
      'if (putIndex(draft.completed, index, true))',
      'if (index > 1 && putIndex(draft.completed, index, true))',
      'domain/job/accounting',
      '[I-5]',
    ],
  ]),
  ...disabledIn('domain/job/count-pods.ts', [
    [
      'I-7',
      "if (isOutOfRange(job, index)) return 'uncounted'",
      "if (isOutOfRange(job, index) || (index !== null && hasIndex(job.completed, index))) return 'uncounted'",
      'domain/job/accounting',
      '[I-7]',
    ],
    [
      'I-8',
      'if (isLastFailure(job, row)) failed.add(index)',
      'if (isLastFailure(job, row)) failed.clear()',
      'domain/job/accounting',
      '[I-8]',
    ],
  ]),
  ...disabledIn('domain/job/reconcile.ts', [
    ['F-1', 'job.interim ?? (counting.complete', '(counting.complete', 'domain/job/verdicts', '[F-1]'],
    [
      'R-8',
      'counting.complete ? verdictAt',
      'counting.complete && !job.terms.suspend ? verdictAt',
      'domain/job/suspension',
      '[R-8]',
    ],
    [
      'R-9',
      'verdict ?? (counting.complete ? reached(planned) : null)',
      'verdict ?? (counting.complete && !planned.terms.suspend ? reached(planned) : null)',
      'domain/job/suspension',
      '[R-9]',
    ],
    ['W-5', 'present.deletion !== null || ', '', 'domain/job/garbage', '[W-5] nothing is created'],
    [
      'R-4',
      'countPods(before, at, countedMax)',
      'countPods(before, at, before.terms.suspend ? 0 : countedMax)',
      'domain/job/suspension',
      '[R-4]',
    ],
  ]),
  ...disabledIn('domain/job/evolve/terms.ts', [
    ['I-10', 'draft.job.firstFreeIndex = 0', 'draft.job.firstFreeIndex = completions', 'domain/job/elastic', '[I-10]'],
  ]),
  ...disabledIn('domain/job/policies/completions.ts', [
    [
      'I-11',
      'counts.succeeded >= terms.completions)',
      'counts.succeeded >= Math.max(1, terms.completions))',
      'domain/job/elastic',
      '[I-11]',
    ],
  ]),
  ...disabledIn('domain/job/policies/backoff-limit.ts', [
    ['O-5', "O.some(failure('BackoffLimitExceeded'))", 'O.none', 'domain/job/backoff', '[O-5]'],
  ]),
  ...disabledIn('domain/job/collect-garbage.ts', [
    ['W-8', "as: 'uncounted', at })", "as: 'failed', at })", 'domain/job/garbage', '[W-8]'],
  ]),
  ...disabledIn('domain/job/change-pod.ts', [
    ['W-7', 'else if (!change.isOwned) events', 'else if (false) events', 'application/api/free-pods', '[W-7]'],
    ['C-6', 'row.tracked && !(change.isTracked && change.isOwned)', 'false', 'application/api/free-pods', '[C-6]'],
  ]),
]
