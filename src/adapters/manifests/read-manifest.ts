import type { CronJobManifest } from '../../domain/kubernetes/cron-job-object.ts'
import type { JobManifest } from '../../domain/kubernetes/job-object.ts'
import { E, pipe } from '../../prelude.ts'
import { cronJobKind } from './cron-job-kind.ts'
import type { ManifestProblem } from './manifest-problem.ts'
import { jobKind } from './parse-job-manifest.ts'
import { type ManifestKind, type ManifestOptions, type ManifestRead, parseManifest } from './parse-manifest.ts'
import { type Bytes, readText } from './read-text.ts'

export { type ManifestProblem, renderProblem } from './manifest-problem.ts'

type ReadOptions = ManifestOptions & { readonly stdin?: Bytes }
type Read<Manifest> = Promise<E.Either<ReadonlyArray<ManifestProblem>, ManifestRead<Manifest>>>

/**
 * The Job in a file, or on standard input where the path is `-`, with defaults filled in and checked as the API server would
 * check it. The Left tells all that is wrong, one problem per line with `renderProblem`.
 */
export const readJobManifest = (path: string, options: ReadOptions = {}): Read<JobManifest> =>
  readKinds([jobKind], path, options)

/** The same for a Job or a CronJob. */
export const readManifest = (path: string, options: ReadOptions = {}): Read<JobManifest | CronJobManifest> =>
  readKinds<JobManifest | CronJobManifest>([jobKind, cronJobKind], path, options)

const readKinds = async <Manifest>(
  kinds: ReadonlyArray<ManifestKind<Manifest>>,
  path: string,
  { stdin = process.stdin, ...options }: ReadOptions,
): Read<Manifest> => {
  const file = path === '-' ? 'standard input' : path
  return pipe(
    await readText(path, stdin),
    E.mapLeft((reason): ReadonlyArray<ManifestProblem> => [{ file, reason }]),
    E.flatMap((text) => parseManifest(kinds, file, text, options)),
  )
}
