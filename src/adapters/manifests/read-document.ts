import { E, pipe } from '../../prelude.ts'
import type { ManifestProblem } from './manifest-problem.ts'
import { type Bytes, readText } from './read-text.ts'
import { readYaml, type YamlDocument } from './read-yaml.ts'

/** The only document of a file, YAML or JSON, or of standard input where the path is `-`, whatever it says. */
export const readDocument = async (
  path: string,
  stdin: Bytes = process.stdin,
): Promise<E.Either<ReadonlyArray<ManifestProblem>, YamlDocument>> => {
  const file = path === '-' ? 'standard input' : path
  return pipe(
    await readText(path, stdin),
    E.mapLeft((reason): ReadonlyArray<ManifestProblem> => [{ file, reason }]),
    E.flatMap((text) =>
      pipe(
        readYaml(text),
        E.mapLeft((problems) => problems.map((problem) => ({ file, ...problem }))),
      ),
    ),
  )
}
