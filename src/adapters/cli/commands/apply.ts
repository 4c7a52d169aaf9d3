import { E } from '../../../prelude.ts'
import { answered } from '../answered.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import { sayOfManifest } from '../say-of-manifest.ts'
import { objectName } from '../print/object-output.ts'

export type ApplyOptions = {
  readonly file: string
  readonly dataDir: string
  /** Undefined: that of the manifest. */
  readonly namespace: string | undefined
}

/** `apply -f FILE`: records the Job or CronJob, or changes the one of its name. Prints `job.batch/NAME created`, `configured` or `unchanged`. */
export const apply = async (ports: CliPorts, { file, dataDir, namespace }: ApplyOptions): Promise<void> => {
  const read = await ports.readManifest(file, namespace)
  if (E.isLeft(read)) throw new CliError(read.left.join('\n'))
  const { manifest } = read.right
  const { name, generateName } = manifest.metadata
  if (name === '') throw new CliError(`from ${generateName ?? ''}: cannot use generate name with apply`)
  sayOfManifest(ports, file, read.right)
  const by = { user: ports.userName, agent: 'jobledger apply' }
  const { answer, isHeld } = await answered(ports, dataDir, { type: 'apply', manifest, ...by })
  const did = answer.type === 'applied' ? answer.did : 'unchanged'
  ports.out(`${objectName(manifest)} ${did}\n`)
  if (did === 'created' && !isHeld) ports.err(nobodyWorks)
}

/** Said where something was recorded that waits for a worker. */
export const nobodyWorks = 'nothing works for it yet: start `jobledger work`\n'
