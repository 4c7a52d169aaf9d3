import type * as t from 'io-ts'
import { E } from '../../../../prelude.ts'
import { type Outcome, OutcomesFile } from './outcomes.ts'

/** The only document of a file as plain values, which remembers where each of them stood. */
export type LocatedDocument = {
  readonly value: unknown
  readonly lineOf: (path: ReadonlyArray<string | number>) => number
}

export type OutcomesProblem = { readonly line: number; readonly field: string; readonly reason: string }

/** What a file says about outcomes; the Left tells everything that is wrong with it, in the order of the lines. */
export const readOutcomes = (
  document: LocatedDocument,
  containers: ReadonlyArray<string>,
): E.Either<ReadonlyArray<OutcomesProblem>, OutcomesFile> => {
  const decoded = OutcomesFile.decode(document.value)
  const found = E.isLeft(decoded)
    ? decoded.left.map((error) => ({ path: pathOf(error), reason: error.message ?? 'is not what it should be' }))
    : contradictions(decoded.right, containers)
  const problems = found.map(({ path, reason }) => ({ line: document.lineOf(path), field: fieldOf(path), reason }))
  if (problems.length > 0) return E.left(problems.sort((a, b) => a.line - b.line))
  return decoded as E.Either<never, OutcomesFile>
}

type Path = ReadonlyArray<string | number>

/** Where an error lies: io-ts begins with the file itself, and names places in lists by texts. */
const pathOf = ({ context }: t.ValidationError): Path =>
  context.slice(1).map(({ key }, place) => (Array.isArray(context[place]?.actual) ? Number(key) : key))

const fieldOf = (path: Path): string =>
  path.map((part, place) => (typeof part === 'number' ? `[${part}]` : place === 0 ? part : `.${part}`)).join('')

/** What cannot hold together, and containers that no Pod has. */
const contradictions = (
  file: OutcomesFile,
  containers: ReadonlyArray<string>,
): ReadonlyArray<{ readonly path: Path; readonly reason: string }> => {
  const all: ReadonlyArray<readonly [Path, Outcome]> = [
    ...(file.default === undefined ? [] : [[['default'], file.default] as const]),
    ...(file.outcomes ?? []).map((outcome, place) => [['outcomes', place], outcome] as const),
  ]
  return all.flatMap(([path, { container, failures, exitCode, disruption }]) => [
    ...(container === undefined || containers.includes(container)
      ? []
      : [
          {
            path: [...path, 'container'],
            reason: `the Pods have no container ${JSON.stringify(container)}; there are ${containers.join(', ')}`,
          },
        ]),
    ...(failures !== undefined && disruption !== undefined
      ? [{ path: [...path, 'failures'], reason: 'a Pod that is disrupted fails anyway: leave out one of the two' }]
      : []),
    ...(failures !== undefined && exitCode !== undefined && exitCode !== 0
      ? [{ path: [...path, 'failures'], reason: `every run fails with ${exitCode} already: leave out one of the two` }]
      : []),
  ])
}
