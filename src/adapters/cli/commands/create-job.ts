import { answered } from '../answered.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import { opened } from '../opened.ts'
import { oneTargetOf, requireCronJob } from '../targets.ts'
import { nobodyWorks } from './apply.ts'

/** `create job NAME --from=cronjob/NAME`: a Job of the CronJob's template, now. */
export const createJob = async (
  ports: CliPorts,
  { dataDir, namespace }: { readonly dataDir: string; readonly namespace: string },
  name: string,
  from: string,
): Promise<void> => {
  const target = oneTargetOf([from])
  if (target.kind !== 'cronjobs') throw new CliError('from must be an existing cronjob')
  const reading = opened(await ports.openReading(dataDir))
  try {
    requireCronJob(reading, namespace, target.name)
  } finally {
    await reading.close()
  }
  const by = { user: ports.userName, agent: 'jobledger create job' }
  const request = { type: 'create-job-from' as const, namespace, name, cronJob: target.name, ...by }
  const { isHeld } = await answered(ports, dataDir, request)
  ports.out(`job.batch/${name} created\n`)
  if (!isHeld) ports.err(nobodyWorks)
}
