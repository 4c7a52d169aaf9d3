import type { JobCommand } from '../../domain/job/commands.ts'
import { decide } from '../../domain/job/decide.ts'
import type { JobEvent } from '../../domain/job/events.ts'
import { evolveAll } from '../../domain/job/evolve.ts'
import { type JobState, noJob } from '../../domain/job/job.ts'
import type { JobRefusal } from '../../domain/job/refusals.ts'
import type { AppendFailure } from '../ports/event-store.ts'
import { jobCategory } from '../log/read-event.ts'
import { type StreamWriter, streamWriter, type WriterPorts } from '../log/stream-writer.ts'

export type { Because } from '../log/stream-writer.ts'

export type CommandFailure = JobRefusal | AppendFailure

export type JobWriter = StreamWriter<JobState, JobCommand, JobEvent, JobRefusal>

/** Everything that changes a Job passes here. */
export const jobWriter = (ports: WriterPorts): JobWriter =>
  streamWriter(ports, { category: jobCategory, initial: noJob, decide, evolve: evolveAll })
