import type { Command } from 'commander'
import { describe } from '../commands/describe.ts'
import { get } from '../commands/get.ts'
import { history } from '../commands/history.ts'
import { logs } from '../commands/logs.ts'
import { describeExamples, getExamples, historyExamples, logsExamples } from '../examples.ts'
import { count, type GetFlags, type LogsFlags, noGetFlags, noLogsFlags } from '../flags.ts'
import type { CommandLine } from './command-line.ts'

/** Commands that tell what there is and what there was. */
export const addReadCommands = (program: Command, { ports, place, reading }: CommandLine): void => {
  program.commandsGroup('Look at them:')

  program
    .command('get')
    .description('list Jobs, CronJobs or Pods: get jobs, get cronjobs, get pods, get all, get job/NAME')
    .argument('<what...>')
    .option('-o, --output <format>', 'json, name, wide or yaml')
    .option('-w, --watch', 'go on with each change, until Ctrl-C')
    .option('-A, --all-namespaces', 'of every namespace')
    .option('-l, --selector <labels>', 'only objects with these labels: a=b,c!=d,e,!f,g in (h,i)')
    .option('--no-headers', 'without the first line')
    .addHelpText('after', getExamples)
    .action((what: ReadonlyArray<string>, flags: GetFlags) =>
      reading((open) => get(ports, open, what, { ...noGetFlags, ...flags, ...place() }), {
        isInMemory: flags.watch !== true,
      }),
    )

  program
    .command('describe')
    .description('tell all about a Job, a CronJob or a Pod: describe job/NAME')
    .argument('<what...>')
    .option('-A, --all-namespaces', 'of every namespace')
    .addHelpText('after', describeExamples)
    .action((what: ReadonlyArray<string>, { allNamespaces = false }: { readonly allNamespaces?: boolean }) =>
      reading((open) => describe(ports, open, what, { namespace: place().namespace, allNamespaces }), {
        isInMemory: true,
      }),
    )

  program
    .command('logs')
    .description('print what a container wrote: logs POD, logs job/NAME')
    .argument('<what...>')
    .option('-c, --container <name>', 'the container, when the Pod has several')
    .option('-f, --follow', 'go on until the container ends')
    .option('-p, --previous', 'of the run before the last restart')
    .option('--timestamps', 'with the time of each line')
    .option('--tail <lines>', 'only the last lines', count)
    .addHelpText('after', logsExamples)
    .action((what: ReadonlyArray<string>, flags: LogsFlags) =>
      reading((open) => logs(ports, open, what, { ...noLogsFlags, ...flags, ...place() }), {
        isInMemory: flags.follow !== true,
      }),
    )

  program
    .command('history')
    .description('every event of a Job or CronJob: position, time, what it says, who and why')
    .argument('<what...>')
    .option('-o, --output <format>', 'json or yaml')
    .addHelpText('after', historyExamples)
    .action((what: ReadonlyArray<string>, { output }: { readonly output?: string }) =>
      reading((open) => history(ports, open, what, { namespace: place().namespace, output })),
    )
}
