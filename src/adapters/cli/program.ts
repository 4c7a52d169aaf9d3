import { Command, CommanderError } from 'commander'
import { E } from '../../prelude.ts'
import { CliError } from './cli-error.ts'
import type { CliPorts } from './cli-ports.ts'
import { programExamples } from './examples.ts'
import { opened } from './opened.ts'
import { addChangeCommands } from './program/change-commands.ts'
import type { CommandLine } from './program/command-line.ts'
import { addReadCommands } from './program/read-commands.ts'
import { addTransferCommands } from './program/transfer-commands.ts'
import { addWorkCommands } from './program/work-commands.ts'
import { readByHolder } from './read-by-holder.ts'

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
  const given = (): { readonly dataDir: string; readonly namespace?: string } => program.opts()
  const place = () => ({ namespace: defaultNamespace, ...given() })

  const reading: CommandLine['reading'] = async (use, { isInMemory = false } = {}) => {
    const attempt = await ports.openReading(place().dataDir)
    if (isInMemory && E.isLeft(attempt) && attempt.left._tag === 'Away')
      return end(await readByHolder(ports, place().dataDir, words, attempt.left))
    const open = opened(attempt)
    try {
      await use(open)
    } finally {
      await open.close()
    }
  }

  const line: CommandLine = { ports, end, given, place, reading }
  addWorkCommands(program, line)
  addReadCommands(program, line)
  addChangeCommands(program, line)
  addTransferCommands(program, line)
  return program.commandsGroup('Help:').helpCommand(true)
}

const defaultNamespace = 'default'
