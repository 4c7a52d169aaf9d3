import type { EventObject } from '../../../domain/kubernetes/event-object.ts'
import type { Category } from '../../../application/log/category.ts'
import type { EventStore } from '../../../application/ports/event-store.ts'
import { cronJobCategory, jobCategory } from '../../../application/log/read-event.ts'
import { E } from '../../../prelude.ts'
import { cronJobKubernetesEvents } from '../../../projections/cron-job-events.ts'
import { cronJobObject } from '../../../projections/cron-job-object.ts'
import type { CronJobView } from '../../../projections/cron-job-view.ts'
import { jobObject } from '../../../projections/job-object.ts'
import type { JobView } from '../../../projections/job-view.ts'
import { kubernetesEvents } from '../../../projections/kubernetes-events.ts'
import type { RecordedEvent } from '../../../projections/recorded.ts'
import type { CliPorts, Reading } from '../cli-ports.ts'
import { describeCronJob } from '../print/describe-cron-job.ts'
import { describeJob } from '../print/describe-job.ts'
import { describePod } from '../print/describe-pod.ts'
import { readHistory } from '../read-history.ts'
import { noResourcesFound } from '../print/table.ts'
import { podsIn, requirePodObject } from '../shown-pods.ts'
import { isInScope, requireCronJob, requireJob, type Scope, targetsIn } from '../targets.ts'

/** `describe job|cronjob|pod NAME`, as kubectl prints it; without a name, all of the kind. */
export const describe = async (
  ports: CliPorts,
  reading: Reading,
  words: ReadonlyArray<string>,
  scope: Scope,
): Promise<void> => {
  const { namespace, allNamespaces } = scope
  const eventsOf = <Event>(category: Category<Event>, uid: string, told: Told<Event>) =>
    eventsFrom(ports, reading.store, category, uid, told)
  const options = { now: ports.now(), timeZone: ports.timeZone }
  const blocks: string[] = []
  for (const { kind, name } of targetsIn(scope, words)) {
    if (kind === 'pods') {
      const pods = name === null ? podsIn(reading, scope) : requirePodObject(reading, namespace, name)
      for (const pod of pods) blocks.push(describePod(pod, { ...options, events: [] }))
      continue
    }
    if (kind === 'cronjobs') {
      const views = name === null ? cronJobsIn(reading, scope) : [requireCronJob(reading, namespace, name)]
      for (const view of views) {
        const object = cronJobObject(view)
        if (object !== null)
          blocks.push(
            describeCronJob(object, {
              ...options,
              ...(await eventsOf(cronJobCategory, object.metadata.uid ?? '', cronJobKubernetesEvents)),
            }),
          )
      }
      continue
    }
    const views = name === null ? jobsIn(reading, scope) : [requireJob(reading, namespace, name)]
    for (const view of views) {
      const object = jobObject(view)
      if (object !== null)
        blocks.push(
          describeJob(object, {
            ...options,
            ...(await eventsOf(jobCategory, object.metadata.uid ?? '', kubernetesEvents)),
          }),
        )
    }
  }
  if (blocks.length === 0) ports.err(`${noResourcesFound(allNamespaces ? undefined : namespace)}\n`)
  ports.out(blocks.join('\n\n'))
}

const jobsIn = ({ ledger }: Reading, scope: Scope): ReadonlyArray<JobView> => ledger.list().filter(isInScope(scope))

const cronJobsIn = ({ ledger }: Reading, scope: Scope): ReadonlyArray<CronJobView> =>
  ledger.cronJobs.list().filter(isInScope(scope))

type Told<Event> = (history: ReadonlyArray<RecordedEvent<Event>>) => ReadonlyArray<EventObject>

/** Events about one object; none, which leaves their block out as kubectl does, when its history cannot be read now. */
const eventsFrom = async <Event>(
  ports: CliPorts,
  store: EventStore,
  category: Category<Event>,
  uid: string,
  told: Told<Event>,
): Promise<{ readonly events?: ReadonlyArray<EventObject> }> => {
  const history = await readHistory(store, category, uid)
  if (E.isRight(history)) return { events: told(history.right.map(({ recorded }) => recorded)) }
  ports.err(`events are left out: ${history.left}\n`)
  return {}
}
