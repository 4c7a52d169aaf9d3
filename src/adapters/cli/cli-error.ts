/** Ends a command with one line on standard error and this exit code. Thrown only inside the command line. */
export class CliError extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
