import type { Command } from 'commander'
import { exportLog, importFrom } from '../commands/transfer.ts'
import { exportExamples, importExamples } from '../examples.ts'
import { opened } from '../opened.ts'
import type { CommandLine } from './command-line.ts'

/** Commands that move a whole log. */
export const addTransferCommands = (program: Command, { ports, place, reading }: CommandLine): void => {
  program.commandsGroup('Move the log:')

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
      const store = opened(await ports.openLog(place().dataDir))
      try {
        await importFrom(ports, store, { filename, positions })
      } finally {
        await store.close()
      }
    })
}
