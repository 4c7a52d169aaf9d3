import { E } from '../../../prelude.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts, KubeconfigOptions } from '../cli-ports.ts'

/** `kubeconfig`: prints what clients need to find the server of this folder, or merges it into the file that kubectl reads. */
export const kubeconfig = (ports: CliPorts, options: KubeconfigOptions & { readonly merge: boolean }): void => {
  if ((options.user === null) !== (options.tokenFile === null))
    throw new CliError('--user and --token-file belong together: the file has the token of the user')
  if (!/^[\w.@-]+$/.test(options.context)) throw new CliError('--context: letters, digits and . _ @ - make a name')
  const done = options.merge ? ports.mergeKubeconfig(options) : ports.kubeconfig(options)
  if (E.isLeft(done)) throw new CliError(done.left)
  if (!options.merge) return ports.out(done.right)
  ports.err(`context "${options.context}" is in ${done.right}\n`)
  ports.out(`kubectl --context ${options.context} get jobs\n`)
}
