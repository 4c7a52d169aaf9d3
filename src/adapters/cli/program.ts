import { Argument, Command, CommanderError, Option } from 'commander'
import { apply } from './commands/apply.ts'
import { changeJob, deleteJob, type Place } from './commands/change.ts'
import { deleteCronJob, suspendCronJob } from './commands/change-cron-job.ts'
import { createJob } from './commands/create-job.ts'
import { describe } from './commands/describe.ts'
import { get } from './commands/get.ts'
import { history } from './commands/history.ts'
import { kubeconfig } from './commands/kubeconfig.ts'
import { logs } from './commands/logs.ts'
import { run } from './commands/run.ts'
import { serve } from './commands/serve.ts'
import { simulate } from './commands/simulate.ts'
import { work } from './commands/work.ts'
import { exportLog, importFrom } from './commands/transfer.ts'
import { CliError } from './cli-error.ts'
import type { CliPorts, Reading } from './cli-ports.ts'
import {
  applyExamples,
  createExamples,
  deleteExamples,
  describeExamples,
  exportExamples,
  getExamples,
  historyExamples,
  importExamples,
  kubeconfigExamples,
  logsExamples,
  programExamples,
  resumeExamples,
  runExamples,
  scaleExamples,
  serveExamples,
  simulateExamples,
  suspendExamples,
  workExamples,
} from './examples.ts'
import {
  count,
  duration,
  type GetFlags,
  type KubeconfigFlags,
  type LogsFlags,
  nodeCount,
  noGetFlags,
  noLogsFlags,
  podBackoffOption,
  port,
  type RunFlags,
  type ServeFlags,
  type SimulateFlags,
  type WorkFlags,
} from './flags.ts'
import { opened } from './opened.ts'
import { readByHolder } from './read-by-holder.ts'
import { E } from '../../prelude.ts'
import { jobNameOf, type OneTarget, oneTargetOf } from './targets.ts'

/** Runs one command line (without the interpreter and the script) and answers its exit code. Never throws for what a user can do wrong. */
export const runCli = async (ports: CliPorts, words: ReadonlyArray<string>): Promise<number> => {
  let exitCode = 0
  const program = build(ports, words, (code) => {
    exitCode = code
  })
  for (const command of [program, ...program.commands]) {
    const words = command === program ? 'jobledger' : `jobledger ${command.name()}`
    command.showHelpAfterError(`See '${words} --help'.`)
  }
  try {
    await program.parseAsync([...words], { from: 'user' })
    return exitCode
  } catch (problem) {
    if (problem instanceof CommanderError) return problem.exitCode
    if (!(problem instanceof CliError)) throw problem
    ports.err(
      `${problem.message
        .split('\n')
        .map((line) => `error: ${line}`)
        .join('\n')}\n`,
    )
    return problem.exitCode
  }
}

const build = (ports: CliPorts, words: ReadonlyArray<string>, end: (exitCode: number) => void): Command => {
  const program = new Command('jobledger')
    .description('The Kubernetes Job controller that remembers everything.')
    .version('0.1.0', '--version', 'print the version')
    .configureOutput({ writeOut: ports.out, writeErr: ports.err })
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .option(
      '--data-dir <folder>',
      'where the log, container logs and volumes live (JOBLEDGER_DATA_DIR)',
      ports.defaultDataDir,
    )
    .option('--store <address>', 'an EventStoreDB that holds the log instead of the data folder (JOBLEDGER_STORE)')
    .option('--stand-by', 'while another jobledger writes to the EventStoreDB, wait and take over when it ends')
    .hook('preAction', (_, command) => {
      const { store, standBy = false } = command.optsWithGlobals<{ store?: string; standBy?: boolean }>()
      const problem = ports.useStore?.(store, standBy) ?? null
      if (problem !== null) throw new CliError(problem)
    })
    .option('-n, --namespace <name>', `the namespace of Jobs and Pods (default: "${defaultNamespace}")`)
    .addHelpText('after', programExamples)
  const global = (): { readonly dataDir: string; readonly namespace?: string } => program.opts()
  const common = () => ({ namespace: defaultNamespace, ...global() })

  const reading = async (
    use: (reading: Reading) => Promise<void>,
    { isInMemory = false }: { readonly isInMemory?: boolean } = {},
  ): Promise<void> => {
    const attempt = await ports.openReading(common().dataDir)
    if (isInMemory && E.isLeft(attempt) && attempt.left._tag === 'Away')
      return end(await readByHolder(ports, common().dataDir, words, attempt.left))
    const open = opened(attempt)
    try {
      await use(open)
    } finally {
      await open.close()
    }
  }

  program
    .command('run')
    .description('run a Job from a manifest, to its end')
    .requiredOption('-f, --filename <file>', 'the Job manifest, YAML or JSON; - reads standard input')
    .option('--replace', 'when a finished Job has the name, delete it first')
    .option('--no-network', 'run containers without a network')
    .addOption(new Option('--runtime <name>', 'what runs Pods').choices(['sandbox', 'simulated']).default('sandbox'))
    .addOption(podBackoffOption())
    .addHelpText('after', runExamples)
    .action(async (options: RunFlags) => {
      const { filename: file, podBackoff, replace = false, ...rest } = options
      const podBackoffBaseMs = Math.round(podBackoff * 1000)
      end(await run(ports, { namespace: undefined, ...rest, ...global(), replace, file, podBackoffBaseMs }))
    })

  program
    .command('work')
    .description('work for every Job and CronJob in the data folder, until Ctrl-C')
    .option('--no-network', 'run containers without a network')
    .addOption(new Option('--runtime <name>', 'what runs Pods').choices(['sandbox', 'simulated']).default('sandbox'))
    .addOption(podBackoffOption())
    .addHelpText('after', workExamples)
    .action(async ({ podBackoff, ...rest }: WorkFlags) => {
      const podBackoffBaseMs = Math.round(podBackoff * 1000)
      end(await work(ports, { ...rest, dataDir: common().dataDir, podBackoffBaseMs }))
    })

  program
    .command('serve')
    .description('work for everything in the data folder and answer the Kubernetes API, until Ctrl-C')
    .option('--host <address>', 'the address of this machine at which it answers', '127.0.0.1')
    .addOption(new Option('--port <number>', '0 is any that is free').argParser(port).default(6443))
    .addOption(new Option('--insecure-http <port>', 'answer this machine without TLS too').argParser(port))
    .option('--anonymous', 'there without a token too; needs --insecure-http')
    .option('--token-file <file>', 'more users')
    .addOption(new Option('--nodes <number>', 'as so many nodes Pods run here').argParser(nodeCount).default(1))
    .option('--no-network', 'run containers without a network')
    .addOption(
      new Option('--runtime <name>', 'what runs Pods').choices(['sandbox', 'simulated', 'external']).default('sandbox'),
    )
    .addOption(podBackoffOption())
    .addHelpText('after', serveExamples)
    .action(async ({ podBackoff, insecureHttp, anonymous = false, tokenFile, ...rest }: ServeFlags) => {
      if (anonymous && insecureHttp === undefined)
        throw new CliError('--anonymous needs --insecure-http PORT: over TLS a token is always wanted')
      const podBackoffBaseMs = Math.round(podBackoff * 1000)
      const { dataDir } = common()
      end(
        await serve(ports, {
          ...rest,
          dataDir,
          podBackoffBaseMs,
          plainPort: insecureHttp ?? null,
          anonymousMay: anonymous,
          tokenFile: tokenFile ?? null,
        }),
      )
    })

  program
    .command('kubeconfig')
    .description('print how kubectl finds the server of this folder, or tell it by --merge')
    .option('--merge', 'into the file that kubectl reads, $KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'the name of the context', 'jobledger')
    .option('--user <name>', 'a user of the token file instead of the owner of the folder')
    .option('--token-file <file>', 'the file of users')
    .addHelpText('after', kubeconfigExamples)
    .action(({ merge = false, context, user, tokenFile }: KubeconfigFlags) =>
      kubeconfig(ports, {
        dataDir: common().dataDir,
        merge,
        context,
        user: user ?? null,
        tokenFile: tokenFile ?? null,
      }),
    )

  program
    .command('simulate')
    .description('try a Job or CronJob in no time, with Pods that only seem to run; nothing is recorded')
    .requiredOption('-f, --filename <file>', 'the manifest, YAML or JSON; - reads standard input')
    .option('--outcomes <file>', 'what Pods do: durations, exit codes, disruptions')
    .option('--seed <number>', 'for what is drawn at random; the same gives the same', count)
    .addOption(
      new Option('--until <duration>', 'how long, when it does not end before')
        .argParser(duration)
        .default(24 * 3_600_000, '24h'),
    )
    .addOption(new Option('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .addHelpText('after', simulateExamples)
    .action(async ({ filename: file, until, ...rest }: SimulateFlags) =>
      end(
        await simulate(ports, {
          namespace: undefined,
          outcomes: undefined,
          seed: undefined,
          ...rest,
          ...global(),
          file,
          untilMs: until,
        }),
      ),
    )

  program
    .command('apply')
    .description('record a Job or CronJob, or change the one of its name; `work` works for it')
    .requiredOption('-f, --filename <file>', 'the manifest, YAML or JSON; - reads standard input')
    .addHelpText('after', applyExamples)
    .action(({ filename: file }: { readonly filename: string }) =>
      apply(ports, { namespace: undefined, ...global(), file }),
    )

  program
    .command('create')
    .description("record a Job of a CronJob's template: create job NAME --from=cronjob/NAME")
    .addArgument(new Argument('<what>').choices(['job']))
    .argument('<name>')
    .requiredOption('--from <cronjob>', 'the CronJob, as cronjob/NAME')
    .addHelpText('after', createExamples)
    .action((_: string, name: string, { from }: { readonly from: string }) => createJob(ports, common(), name, from))

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
      reading((open) => get(ports, open, what, { ...noGetFlags, ...flags, ...common() }), {
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
      reading((open) => describe(ports, open, what, { namespace: common().namespace, allNamespaces }), {
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
      reading((open) => logs(ports, open, what, { ...noLogsFlags, ...flags, ...common() }), {
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
      reading((open) => history(ports, open, what, { namespace: common().namespace, output })),
    )

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
      deleteOne(ports, common(), oneTargetOf(what), propagations[cascade] ?? 'Background'),
    )

  program
    .command('suspend')
    .description('stop the Pods of a Job, or start no Job of a CronJob, until it is resumed')
    .argument('<what...>')
    .addHelpText('after', suspendExamples)
    .action((what: ReadonlyArray<string>) => suspendOne(ports, common(), oneTargetOf(what), true))

  program
    .command('resume')
    .description('let a suspended Job run again, or a CronJob start Jobs again')
    .argument('<what...>')
    .addHelpText('after', resumeExamples)
    .action((what: ReadonlyArray<string>) => suspendOne(ports, common(), oneTargetOf(what), false))

  program
    .command('scale')
    .description('change how many Pods of a Job run at a time')
    .argument('<job...>')
    .requiredOption('--parallelism <count>', 'Pods at a time; 0 pauses the Job', count)
    .addHelpText('after', scaleExamples)
    .action((what: ReadonlyArray<string>, { parallelism }: { readonly parallelism: number }) =>
      changeJob(ports, common(), jobNameOf(what), { parallelism }, 'scaled'),
    )

  program
    .command('export')
    .description('write the whole log to standard output, a line for each event')
    .addHelpText('after', exportExamples)
    .action(() => reading(({ store }) => exportLog(ports, store)))

  program
    .command('import')
    .description('read an exported log into an empty one')
    .requiredOption('-f, --filename <file>', 'the exported log; - reads standard input')
    .option('--positions', 'write a line for each event: the position it had, and the one it has')
    .addHelpText('after', importExamples)
    .action(async ({ filename, positions = false }: { readonly filename: string; readonly positions?: boolean }) => {
      const store = opened(await ports.openLog(common().dataDir))
      try {
        await importFrom(ports, store, { filename, positions })
      } finally {
        await store.close()
      }
    })
  return program
}

const deleteOne = (
  ports: CliPorts,
  place: Place,
  { kind, name }: OneTarget,
  propagation: 'Background' | 'Foreground' | 'Orphan',
): Promise<void> => (kind === 'jobs' ? deleteJob : deleteCronJob)(ports, place, name, propagation)

const suspendOne = (ports: CliPorts, place: Place, { kind, name }: OneTarget, suspend: boolean): Promise<void> =>
  kind === 'jobs'
    ? changeJob(ports, place, name, { suspend }, suspend ? 'suspended' : 'resumed')
    : suspendCronJob(ports, place, name, suspend)

const defaultNamespace = 'default'

const propagations: Readonly<Record<string, 'Background' | 'Foreground' | 'Orphan'>> = {
  background: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
}
