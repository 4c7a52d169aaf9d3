import { type Command, Option } from 'commander'
import { CliError } from '../cli-error.ts'
import { kubeconfig } from '../commands/kubeconfig.ts'
import { run } from '../commands/run.ts'
import { serve } from '../commands/serve.ts'
import { simulate } from '../commands/simulate.ts'
import { work } from '../commands/work.ts'
import { kubeconfigExamples, runExamples, serveExamples, simulateExamples, workExamples } from '../examples.ts'
import {
  count,
  duration,
  type KubeconfigFlags,
  nodeCount,
  noNetworkOption,
  podBackoffOption,
  port,
  type RunFlags,
  runtimeOption,
  type ServeFlags,
  type SimulateFlags,
  type WorkFlags,
} from '../flags.ts'
import type { CommandLine } from './command-line.ts'

/** Commands that make Jobs run, here or in no time, and what clients need for that. */
export const addWorkCommands = (program: Command, { ports, end, given, place }: CommandLine): void => {
  program.commandsGroup('Run Jobs and CronJobs:')

  program
    .command('run')
    .description('run a Job from a manifest, to its end')
    .requiredOption('-f, --filename <file>', 'the Job manifest, YAML or JSON; - reads standard input')
    .option('--replace', 'when a finished Job has the name, delete it first')
    .addOption(noNetworkOption())
    .addOption(runtimeOption('sandbox', 'simulated'))
    .addOption(podBackoffOption())
    .addHelpText('after', runExamples)
    .action(async (options: RunFlags) => {
      const { filename: file, podBackoff, replace = false, ...rest } = options
      const podBackoffBaseMs = Math.round(podBackoff * 1000)
      end(await run(ports, { namespace: undefined, ...rest, ...given(), replace, file, podBackoffBaseMs }))
    })

  program
    .command('work')
    .description('work for every Job and CronJob in the data folder, until Ctrl-C')
    .addOption(noNetworkOption())
    .addOption(runtimeOption('sandbox', 'simulated'))
    .addOption(podBackoffOption())
    .addHelpText('after', workExamples)
    .action(async ({ podBackoff, ...rest }: WorkFlags) => {
      const podBackoffBaseMs = Math.round(podBackoff * 1000)
      end(await work(ports, { ...rest, dataDir: place().dataDir, podBackoffBaseMs }))
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
    .addOption(noNetworkOption())
    .addOption(runtimeOption('sandbox', 'simulated', 'external'))
    .addOption(podBackoffOption())
    .addHelpText('after', serveExamples)
    .action(async ({ podBackoff, insecureHttp, anonymous = false, tokenFile, ...rest }: ServeFlags) => {
      if (anonymous && insecureHttp === undefined)
        throw new CliError('--anonymous needs --insecure-http PORT: over TLS a token is always wanted')
      const podBackoffBaseMs = Math.round(podBackoff * 1000)
      const { dataDir } = place()
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
        dataDir: place().dataDir,
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
          ...given(),
          file,
          untilMs: until,
        }),
      ),
    )
}
