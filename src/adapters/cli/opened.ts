import { E } from '../../prelude.ts'
import { CliError } from './cli-error.ts'
import type { OpenFailure } from './cli-ports.ts'

/** What was opened, or the end of the command with the reason. */
export const opened = <A>(attempt: E.Either<OpenFailure, A>): A => {
  if (E.isLeft(attempt)) throw new CliError(attempt.left.reason)
  return attempt.right
}
