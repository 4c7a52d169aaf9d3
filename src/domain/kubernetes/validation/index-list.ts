import { E } from '../../../prelude.ts'

/** How many indexes a list such as `0,2-5` names [1.5]; strict, a Left says which part breaks which rule. */
export const parseIndexList = (text: string, completions: number): E.Either<string, number> => {
  if (text === '') return E.right(0)
  let total = 0
  let previous = -1
  for (const part of text.split(',')) {
    const interval = parseInterval(part, completions, previous)
    if (E.isLeft(interval)) return interval
    const { from, to } = interval.right
    total += to - from + 1
    previous = to
  }
  return E.right(total)
}

/** The first index that two such lists share; parts that cannot be read are passed over. */
export const overlapOf = (one: string, other: string, completions: number): number | undefined => {
  const [mine, theirs] = [one, other].map((list) => intervalsOf(list, completions)) as [Intervals, Intervals]
  let [at, opposite] = [0, 0]
  for (;;) {
    const [a, b] = [mine[at], theirs[opposite]]
    if (a === undefined || b === undefined) return undefined
    if (a.from <= b.to && b.from <= a.to) return Math.max(a.from, b.from)
    if (a.from <= b.from) at++
    else opposite++
  }
}

type Interval = { readonly from: number; readonly to: number }
type Intervals = ReadonlyArray<Interval>

const intervalsOf = (list: string, completions: number): Intervals =>
  list.split(',').flatMap((part) => {
    const interval = parseInterval(part, completions, -1)
    return E.isLeft(interval) ? [] : [interval.right]
  })

const parseInterval = (part: string, completions: number, previous: number): E.Either<string, Interval> => {
  const ends = part.split('-')
  if (ends.length > 2)
    return E.left(
      `the fragment "${part}" violates the requirement that an index interval can have at most two parts separated by '-'`,
    )
  const from = indexOf(ends[0] ?? '', completions, previous)
  if (E.isLeft(from)) return from
  const to = ends[1] === undefined ? from : indexOf(ends[1], completions, from.right)
  return E.isLeft(to) ? to : E.right({ from: from.right, to: to.right })
}

const indexOf = (text: string, completions: number, previous: number): E.Either<string, number> => {
  if (!/^\+?[0-9]{1,15}$/.test(text)) return E.left(`cannot convert string to integer for index: "${text}"`)
  const index = Number(text)
  if (index >= completions) return E.left(`too large index: "${text}"`)
  if (index <= previous) return E.left(`non-increasing order, previous: ${previous}, current: ${index}`)
  return E.right(index)
}
