import type { CronJobCommand } from '../../domain/cronjob/commands.ts'
import { type CronJobState, noCronJob } from '../../domain/cronjob/cron-job.ts'
import { decideCronJob } from '../../domain/cronjob/decide.ts'
import type { CronJobEvent } from '../../domain/cronjob/events.ts'
import { evolveCronJob } from '../../domain/cronjob/evolve.ts'
import type { CronJobRefusal } from '../../domain/cronjob/refusals.ts'
import type { AppendFailure } from '../ports/event-store.ts'
import { cronJobCategory } from '../log/read-event.ts'
import { type StreamWriter, streamWriter, type WriterPorts } from '../log/stream-writer.ts'

export type CronJobFailure = CronJobRefusal | AppendFailure

export type CronJobWriter = StreamWriter<CronJobState, CronJobCommand, CronJobEvent, CronJobRefusal>

/** Everything that changes a CronJob passes here. `localZone` names the zone in which schedules without a zone of their own are read. */
export const cronJobWriter = ({ localZone, ...ports }: WriterPorts & { readonly localZone: string }): CronJobWriter =>
  streamWriter(ports, {
    category: cronJobCategory,
    initial: noCronJob,
    decide: (command, moment) => decideCronJob(command, { ...moment, localZone }),
    evolve: evolveCronJob,
  })
