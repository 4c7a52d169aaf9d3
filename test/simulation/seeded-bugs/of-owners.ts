import { bugsIn, type SeededBug } from './seeded-bug.ts'

const policies = 'src/domain/cronjob/policies'

/** Deliberate mistakes about CronJobs, each file of their policies at least one, about Pods without a Job, and about statuses of clients. */
export const bugsOfOwners: ReadonlyArray<SeededBug> = [
  ...bugsIn(`${policies}/active-jobs.ts`, [
    [
      'a Job that has finished stays active',
      'if (finished !== null) return isActive ? [',
      'if (finished !== null) return !isActive ? [',
    ],
  ]),
  ...bugsIn(`${policies}/concurrency-policy.ts`, [
    ['Forbid allows one more', 'cronJob.active.length > 0 ?', 'cronJob.active.length > 1 ?'],
    ['Replace leaves a Job that is active', '...cronJob.active.map(', '...cronJob.active.slice(1).map('],
  ]),
  ...bugsIn(`${policies}/history-limits.ts`, [
    ['one Job too many is kept', 'finished.length - limit)', 'finished.length - limit - 1)'],
  ]),
  ...bugsIn(`${policies}/next-look.ts`, [['runs start half a minute late', 'time + slackMs', 'time + 30_000']]),
  ...bugsIn(`${policies}/start-run.ts`, [
    ['a suspended CronJob runs on', '  if (spec.suspend) return { events: [], next: null }\n', ''],
    ['a run may be three times as late', 'at - startingDeadlineSeconds * 1000', 'at - startingDeadlineSeconds * 3000'],
  ]),
  ...bugsIn(`${policies}/unmet-time.ts`, [
    [
      'the first of two missed times is started',
      'latestUntil(next, first + (missed - 2) * interval * 1000, now)',
      'first',
    ],
  ]),
  ...bugsIn('src/domain/cronjob/reconcile.ts', [
    [
      'a run starts beside one that is under way',
      'cronJob.pending === null ? startRun',
      'cronJob.pending !== undefined ? startRun',
    ],
  ]),
  ...bugsIn('src/domain/free-pod/decide.ts', [
    ['a Pod is given away as it was', ' && state.version === command.version', ''],
    [
      'what happens to a Pod on its way is lost',
      "command.type !== 'GiveAway' && command.type !== 'TakeBack')",
      "command.type === 'DeletePod')",
    ],
  ]),
  ...bugsIn('src/application/pods/free-pods.ts', [
    [
      'a Pod that was let go is forgotten',
      "if (event.type === 'PodReleased') welcome",
      "if (event.type === 'PodAdopted') welcome",
    ],
    ['nobody takes the tracking finalizer off', '        void freeOfTracking(view)\n', ''],
  ]),
  ...bugsIn('src/application/pods/free-pod-runs.ts', [
    [
      'what is seen of a Pod after a Job has taken it is lost',
      "else if (outcome.left._tag === 'PodGivenAway') await tellHolder(uid, queue, observations)",
      "else if (outcome.left._tag === 'PodGivenAway') queue.splice(0, observations.length)",
    ],
    [
      'a Pod of nobody is believed to run on after a crash',
      'if (pod !== null) return runtime.start(pod)\n',
      'return\n',
    ],
  ]),
  ...bugsIn('src/application/jobs/recover-job.ts', [
    [
      'a Pod that came during the recovery is lost with the others',
      "{ type: 'RecordLostPods', below }",
      "{ type: 'RecordLostPods' }",
    ],
    [
      'a Pod that goes during the recovery is forgotten',
      '  ports.strayFacts?.(lostOnTheWay(view, present, ports.clock.now()))\n',
      '',
    ],
  ]),
  ...bugsIn('src/domain/job/evolve/claims.ts', [
    ['a Pod that is taken over is told apart by no index', '!hasIndex(sealIndexSet(draft.held), index)', 'index >= 0'],
    ['an index that is taken over keeps its memory', 'if (memory !== 0) letGo(draft, memory - 1)', ''],
  ]),
  ...bugsIn('src/domain/job/evolve.ts', [
    ['a Job that ended elsewhere lives for ever', 'job.terms.managedElsewhere ? event.finishedAt : null', 'null'],
    ['a status that a client wrote stays', '      if (!isFinished(job)) job.unsyncedSince ??= event.at\n', ''],
  ]),
]
