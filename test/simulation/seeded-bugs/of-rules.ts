import { bugsIn, type SeededBug } from './seeded-bug.ts'

const job = 'src/domain/job'

/** Deliberate mistakes in the rules round the policies, in what is folded, and in the loop. */
export const bugsOfRules: ReadonlyArray<SeededBug> = [
  ...bugsIn(`${job}/count-pods.ts`, [
    [
      'a Pod is counted twice',
      '...counted.flatMap((row) => countPod(job, row, at)),',
      '...[...counted, ...counted].flatMap((row) => countPod(job, row, at)),',
    ],
    [
      'the failure of a deleted Pod is forgotten',
      'const counted = rows.filter((row) => ',
      'const counted = rows.filter((row) => !row.deleting && ',
    ],
    ['a Pod of an index that is not wanted is counted', "if (isOutOfRange(job, index)) return 'uncounted'", ''],
    ['ignored failures count', "=== 'Ignore' ? 'ignored' : 'failed'", "=== 'FailJob' ? 'ignored' : 'failed'"],
    ['no failure is remembered', 'toHoldBack: [...lasting.heldBack].map(({ pod }) => pod)', 'toHoldBack: []'],
    [
      'remembered failures do not count towards the limit',
      ".filter((row) => countedAs(job, row) === 'failed').length",
      '.filter((row) => row.pod < 0).length',
    ],
    [
      'the index with the fewest failures is remembered',
      'failuresOf(row) > failuresOf(other)',
      'failuresOf(row) < failuresOf(other)',
    ],
    ['a decided Job leaves what it remembered', '[...job.uncounted, ...heldBackPods(job)]', '[...job.uncounted]'],
  ]),
  ...bugsIn(`${job}/pods-to-create.ts`, [
    [
      'a Pod starts five seconds before its back-off ends',
      'end !== null && end > at)',
      'end !== null && end > at + 5000)',
    ],
    ['Pods that terminate give up their place', "=== 'Failed' ? job.counts.terminating : 0", "=== 'Failed' ? 0 : 0"],
    [
      'an index gets a second Pod',
      '[job.completed, job.held, job.failedIndexes]',
      '[job.completed, job.failedIndexes]',
    ],
    ['a failed index gets another Pod', '[job.completed, job.held, job.failedIndexes]', '[job.completed, job.held]'],
    ['a completed index runs again', '[job.completed, job.held, job.failedIndexes]', '[job.held, job.failedIndexes]'],
    [
      'the back-off of an index is not waited for',
      'if (end <= at) ready.push(index)',
      'if (end <= at + 5000) ready.push(index)',
    ],
    ['the latest back-off is waited for', 'Math.min(retryAt ?? end, end)', 'Math.max(retryAt ?? end, end)'],
    [
      'an index forgets its failures',
      'indexFailuresAfter(job, heldBackPod(job, index))',
      'indexFailuresAfter(job, null)',
    ],
    ['one Pod too many', 'const missing = missingPods(job)', 'const missing = missingPods(job) + 1'],
    ['attempts are not counted', 'numberOf(job.podsPerIndex, index)', '0'],
  ]),
  ...bugsIn(`${job}/pods-to-delete.ts`, [
    ['ready Pods are deleted first', 'Number(a.ready) - Number(b.ready)', 'Number(b.ready) - Number(a.ready)'],
    ['Pods of indexes that are gone stay', ', job.outOfRange)', ', 0)'],
    ['Pods of indexes that are gone fail with the Job', "? 'uncounted' : as, at }", '? as : as, at }'],
    [
      'Pods that are scaled away count as failed',
      "as: 'uncounted', at }, ...deletion]",
      "as: 'failed', at }, ...deletion]",
    ],
    [
      'a Job ends beside Pods that terminate',
      'job.counts.terminating > 0 ? livePods(job.pods) : activePods(job.pods)',
      'activePods(job.pods)',
    ],
    ['Pods without a finalizer are accounted for again', 'return row.tracked ? [{', 'return row.pod >= 0 ? [{'],
    ['Pods that are not ready are told apart by their start', 'a.ready && b.ready ?', 'a.pod !== b.pod ?'],
    ['one Pod too few is deleted', 'Math.min(excess, max / 3)', 'Math.min(Math.max(1, excess - 1), max / 3)'],
  ]),
  ...bugsIn(`${job}/reconcile.ts`, [
    ['a Job that is being deleted is looked at', ' || present.deletion !== null', ''],
    ['a finished Job is looked at', 'isFinished(present) || ', ''],
    ['the verdict is given anew', 'job.interim ?? (counting.complete', '(counting.complete'],
    ['every wish makes a sync', 'before.unsyncedSince === null && ', 'before.unsyncedSince === 1 && '],
    ['a suspended Job has a start', 'startTime ?? (terms.suspend ? null : at)', 'startTime ?? at'],
  ]),
  ...bugsIn(`${job}/sync-plan.ts`, [
    [
      'Pods of a failed Job are not counted',
      "_tag === 'Failure' ? 'failed' : 'uncounted'",
      "_tag === 'Failure' ? 'uncounted' : 'uncounted'",
    ],
    [
      'Pods are deleted and created in one sync',
      'if (excess.pods.length > 0) return',
      'if (excess.pods.length > 99) return',
    ],
    [
      'remembered failures are not part of the verdict',
      'job.counts.failed + job.heldBackFailures',
      'job.counts.failed',
    ],
  ]),
  ...bugsIn(`${job}/status-refusal.ts`, [
    [
      'a status that may not fall is published',
      'job.terms.completions !== job.terms.parallelism',
      'job.terms.parallelism < 0',
    ],
    [
      'successes that wait do not make up for lost ones',
      'job.counts.succeeded + waitingSuccesses(job)',
      'job.counts.succeeded',
    ],
  ]),
  ...bugsIn(`${job}/withheld-sync.ts`, [
    [
      'a verdict that cannot be told stops nobody',
      'const verdict = before.interim ?? verdictAt',
      'const verdict = before.interim ?? null // verdictAt',
    ],
    ['a Job that is decided goes on while its status is withheld', 'before.interim ?? verdictAt', 'verdictAt'],
    ['every wish makes a withheld sync', 'events.length === 0 && from === null', 'events.length < 0 && from === null'],
  ]),
  ...bugsIn(`${job}/publication.ts`, [
    ['a Job finishes while Pods terminate', 'counts.terminating === 0 && (', '('],
    ['a Job that was suspended before its verdict finishes', '(startTime !== null || ', '(startTime !== undefined || '],
    ['a suspension keeps the start', 'suspended === true ? null :', ''],
    ['the interim condition comes twice', 'outcome !== null && job.interim === null', 'outcome !== null'],
    ['Pods that are gone at once never terminated', 'job.counts.terminating + vanished', 'job.counts.terminating'],
    ['a resumed Job stays suspended', 'return suspended?.status === true ? false : null', 'return null'],
  ]),
  ...bugsIn(`${job}/evolve/counting.ts`, [
    [
      'a success of an index that has one counts again',
      'draft.counts.succeeded = draft.completed.size',
      'draft.counts.succeeded += draft.completed.size > 2 ? 2 : 1',
    ],
    ['a success that nobody counts keeps its index', '>= P.Succeeded) releaseIndex(', '>= 9) releaseIndex('],
    ['memories stay in the count', 'draft.job.heldBackFailures -= 1', 'draft.job.heldBackFailures -= 0'],
    [
      'an index that is free again is overlooked',
      'Math.min(draft.job.firstFreeIndex, index)',
      'Math.max(draft.job.firstFreeIndex, index)',
    ],
  ]),
  ...bugsIn(`${job}/evolve/pods.ts`, [
    [
      'restarts of ended Pods count',
      '  draft.job.restarts -= P.get(chunk, place, P.field.restarts)\n  if (phase',
      '  if (phase',
    ],
    [
      'a deleted Pod is not counted',
      '    releaseIndex(draft, chunk, place)\n    awaitCount(draft, chunk, place, event.pod)',
      '    releaseIndex(draft, chunk, place)',
    ],
    ['ready Pods that are deleted stay ready', 'if (wasActive && (flags & P.ready) !== 0) draft.counts.ready -= 1', ''],
    [
      'nobody looks when a Pod that terminated is gone',
      'isUnended || draft.job.deletion !== null',
      'draft.job.deletion !== null',
    ],
    ['a Pod that is gone is let go', '  select(draft, event.pod, true)\n', ''],
    [
      'a Pod that starts is no news',
      '  unsynced(draft, event.at)\n}\n\n/** The end of a Pod has the last word',
      '}\n\n/** The end of a Pod has the last word',
    ],
  ]),
  ...bugsIn(`${job}/evolve/terms.ts`, [
    ['an elastic Job remembers successes it gave up', '  draft.counts.succeeded = draft.completed.size\n', ''],
    [
      'an elastic Job keeps the memory of indexes it gave up',
      'if (index >= completions) letGo(draft, memory - 1)',
      'if (index > completions) letGo(draft, memory - 1)',
    ],
    ['an index that comes back in time is forgotten', 'if (index < completions) putIndex', 'if (index < 0) putIndex'],
    ['a change to policy Failed gives indexes away', '      holdIndex(draft, chunk, place)\n', ''],
  ]),
  ...bugsIn(`${job}/evolve/failure-matching.ts`, [
    ['a condition goes before the exit code of an earlier rule', 'found.rule + 1 < known', 'found.rule + 1 > known'],
    ['a rule FailJob is not noted', 'draft.job.failJobPod ??= pod', 'draft.job.failJobPod ??= null'],
    ['evicted Pods were not disrupted', " || reason === 'Evicted'", ''],
  ]),
  ...bugsIn(`${job}/agenda.ts`, [
    [
      'nobody waits for the deadline',
      'if (!isOpen(job) || job.interim !== null) return O.none\n  return when(job.counts',
      'if (!isOpen(job) || job.interim === null) return O.none\n  return when(job.counts',
    ],
    ['a Job lives half its time', 'ttlSecondsAfterFinished * 1000', 'ttlSecondsAfterFinished * 500'],
    [
      'nobody waits for the back-off',
      'return when(job.interim === null, job.retryAt)',
      'return when(job.interim !== null, job.retryAt)',
    ],
    ['a clock that is set back delays what is due', 'Math.min(job.unsyncedSince, now) +', 'job.unsyncedSince +'],
  ]),
  ...bugsIn(`${job}/collect-garbage.ts`, [
    ['Pods of a deleted Job are counted', "as: 'uncounted', at })", "as: 'failed', at })"],
    ['a Job goes before its Pods', 'left > 0 || ', ''],
    ['a Pod that stays is taken for one that goes', 'events.length > said && ', ''],
    ['a Job goes with its finalizers', '!job.deleted && !job.hasFinalizers) events', '!job.deleted) events'],
  ]),
  ...bugsIn('src/application/log/stream-writer.ts', [
    ['a fact is decided on a state that is older than it', '< newestSeen(desk.waiting)', '< noStream'],
  ]),
  ...bugsIn('src/application/jobs/recover-job.ts', [
    ['what runs on after a crash is left alone', 'if (processes.length > 0) await runtime.fence(processes)', ''],
    ['a Pod is started behind its recorded end', '!live || phase >= succeededPhase || ', ''],
  ]),
  ...bugsIn('src/application/jobs/controller.ts', [
    [
      'a wish that a clock set back has made too early is forgotten',
      'isTooEarly(outcome.right, wishedAt) ? tellAgain(wish.job) : undefined',
      'undefined',
    ],
  ]),
  ...bugsIn('src/application/log/unapplied-events.ts', [
    ['an event that is told twice happens twice', 'events.filter(({ position }) => position > applied)', 'events'],
    ['an event that is left out is not missed', '+ 1) return null', '+ 1) continue'],
  ]),
]
