import { E, pipe } from '../../prelude.ts'
import type { ManifestProblem } from './manifest-problem.ts'
import { type ManifestOptions, type ManifestRead, parseJobManifest } from './parse-job-manifest.ts'
import { type Bytes, readText } from './read-text.ts'

export { type ManifestProblem, renderProblem } from './manifest-problem.ts'

/**
 * The Job in a file, or on standard input where the path is `-`, with defaults filled in and checked as the API server would
 * check it. The Left tells all that is wrong, one problem per line with `renderProblem`.
 */
export const readJobManifest = async (
  path: string,
  { stdin = process.stdin, ...options }: ManifestOptions & { readonly stdin?: Bytes } = {},
): Promise<E.Either<ReadonlyArray<ManifestProblem>, ManifestRead>> => {
  const file = path === '-' ? 'standard input' : path
  return pipe(
    await readText(path, stdin),
    E.mapLeft((reason): ReadonlyArray<ManifestProblem> => [{ file, reason }]),
    E.flatMap((text) => parseJobManifest(file, text, options)),
  )
}
