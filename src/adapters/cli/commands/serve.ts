import type { CliPorts, HoldOptions, ServeOptions } from '../cli-ports.ts'
import { opened } from '../opened.ts'
import { untilInterrupted, whatFor } from '../until-interrupted.ts'

/**
 * `serve`: works for every Job and CronJob in the folder, as `work` does, and answers the Kubernetes API until Ctrl-C. Prints the command that
 * asks it. Exit codes as of `work`.
 */
export const serve = async (
  ports: CliPorts,
  options: HoldOptions & ServeOptions & { readonly dataDir: string },
): Promise<number> => {
  const { holding, address, plainAddress, kubeconfig } = opened(await ports.openServing(options.dataDir, options))
  ports.err(`serving ${[address, plainAddress].filter(Boolean).join(' and ')}, at work for ${whatFor(holding)} in `)
  ports.err(`${options.dataDir}; Ctrl-C ends it\n`)
  const ended = untilInterrupted(ports, holding, options.runtime !== 'external')
  holding.workForAll()
  ports.out(`kubectl --kubeconfig ${quoted(kubeconfig)} get jobs\n`)
  const code = await ended
  await holding.close()
  return code
}

/** For a shell. */
const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
