import { E } from '../../prelude.ts'
import { CliError } from './cli-error.ts'
import type { CliPorts, OpenFailure } from './cli-ports.ts'

/**
 * A reading command whose log cannot be reached, answered from the memory of the process that holds the data folder; says so, and as of which
 * position. Answers the exit code; the end of the command with the reason when nobody holds the folder, or somebody with another log.
 */
export const readByHolder = async (
  ports: CliPorts,
  dataDir: string,
  words: ReadonlyArray<string>,
  { reason, log }: Extract<OpenFailure, { readonly _tag: 'Away' }>,
): Promise<number> => {
  const answer = await ports.askHolderToRead(dataDir, {
    type: 'read',
    log,
    words: [...words],
    timeZone: ports.timeZone,
  })
  if (E.isLeft(answer)) throw new CliError(reason)
  if (answer.right.type === 'refused') throw new CliError(`${reason}; ${answer.right.reason}`)
  const { out, err, exitCode, position } = answer.right
  ports.err(`${reason}\nfrom the memory of the process that holds the data folder, as of position ${position}:\n${err}`)
  await ports.outInTurn(out)
  return exitCode
}
