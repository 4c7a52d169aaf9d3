import { jobWarnings } from '../../domain/kubernetes/job-warnings.ts'
import type { CronJobManifest } from '../../domain/kubernetes/cron-job-object.ts'
import type { JobManifest } from '../../domain/kubernetes/job-object.ts'
import type { Shape } from '../../domain/kubernetes/schema.ts'
import { cronJobWarnings } from '../../domain/kubernetes/validate-cron-job.ts'
import type { CliPorts } from './cli-ports.ts'

/** What a user should know of a manifest that is taken: what was left out of it, and what a server would warn of. */
export const sayOfManifest = (
  { err }: Pick<CliPorts, 'err'>,
  file: string,
  { manifest, leftOut }: { readonly manifest: JobManifest | CronJobManifest; readonly leftOut: ReadonlyArray<string> },
): void => {
  if (leftOut.length > 0)
    err(`${file} comes from a cluster; left out what its server had added: ${leftOut.join(', ')}\n`)
  for (const warning of warningsOf(manifest)) err(`Warning: ${warning}\n`)
}

const warningsOf = (manifest: JobManifest | CronJobManifest): ReadonlyArray<string> =>
  manifest.kind === 'CronJob'
    ? cronJobWarnings(manifest as Shape<'CronJob'>)
    : jobWarnings(manifest as unknown as Shape<'Job'>)
