import { Argument, type Command, Option } from 'commander'
import type { CliPorts } from '../cli-ports.ts'
import { apply } from '../commands/apply.ts'
import { deleteCronJob, suspendCronJob } from '../commands/change-cron-job.ts'
import { changeJob, deleteJob, type Place } from '../commands/change.ts'
import { createJob } from '../commands/create-job.ts'
import {
  applyExamples,
  createExamples,
  deleteExamples,
  resumeExamples,
  scaleExamples,
  suspendExamples,
} from '../examples.ts'
import { count } from '../flags.ts'
import { jobNameOf, type OneTarget, oneTargetOf } from '../targets.ts'
import type { CommandLine } from './command-line.ts'

/** Commands that record and change Jobs and CronJobs. */
export const addChangeCommands = (program: Command, { ports, given, place }: CommandLine): void => {
  program.commandsGroup('Record and change them:')

  program
    .command('apply')
    .description('record a Job or CronJob, or change the one of its name; `work` works for it')
    .requiredOption('-f, --filename <file>', 'the manifest, YAML or JSON; - reads standard input')
    .addHelpText('after', applyExamples)
    .action(({ filename: file }: { readonly filename: string }) =>
      apply(ports, { namespace: undefined, ...given(), file }),
    )

  program
    .command('create')
    .description("record a Job of a CronJob's template: create job NAME --from=cronjob/NAME")
    .addArgument(new Argument('<what>').choices(['job']))
    .argument('<name>')
    .requiredOption('--from <cronjob>', 'the CronJob, as cronjob/NAME')
    .addHelpText('after', createExamples)
    .action((_: string, name: string, { from }: { readonly from: string }) => createJob(ports, place(), name, from))

  program
    .command('delete')
    .description('delete a Job and its Pods, or a CronJob and its Jobs: delete job/NAME')
    .argument('<what...>')
    .addOption(
      new Option('--cascade <how>', 'what becomes of what it owns')
        .choices(['background', 'foreground', 'orphan'])
        .default('background'),
    )
    .addHelpText('after', deleteExamples)
    .action(async (what: ReadonlyArray<string>, { cascade }: { readonly cascade: string }) =>
      deleteOne(ports, place(), oneTargetOf(what), propagations[cascade] ?? 'Background'),
    )

  program
    .command('suspend')
    .description('stop the Pods of a Job, or start no Job of a CronJob, until it is resumed')
    .argument('<what...>')
    .addHelpText('after', suspendExamples)
    .action((what: ReadonlyArray<string>) => suspendOne(ports, place(), oneTargetOf(what), true))

  program
    .command('resume')
    .description('let a suspended Job run again, or a CronJob start Jobs again')
    .argument('<what...>')
    .addHelpText('after', resumeExamples)
    .action((what: ReadonlyArray<string>) => suspendOne(ports, place(), oneTargetOf(what), false))

  program
    .command('scale')
    .description('change how many Pods of a Job run at a time')
    .argument('<job...>')
    .requiredOption('--parallelism <count>', 'Pods at a time; 0 pauses the Job', count)
    .addHelpText('after', scaleExamples)
    .action((what: ReadonlyArray<string>, { parallelism }: { readonly parallelism: number }) =>
      changeJob(ports, place(), jobNameOf(what), { parallelism }, 'scale'),
    )
}

const deleteOne = (
  ports: CliPorts,
  place: Place,
  { kind, name }: OneTarget,
  propagation: 'Background' | 'Foreground' | 'Orphan',
): Promise<void> => (kind === 'jobs' ? deleteJob : deleteCronJob)(ports, place, name, propagation)

const suspendOne = (ports: CliPorts, place: Place, { kind, name }: OneTarget, suspend: boolean): Promise<void> =>
  kind === 'jobs'
    ? changeJob(ports, place, name, { suspend }, suspend ? 'suspend' : 'resume')
    : suspendCronJob(ports, place, name, suspend)

const propagations: Readonly<Record<string, 'Background' | 'Foreground' | 'Orphan'>> = {
  background: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
}
