import { E } from '../../../prelude.ts'

/** How many indexes a list such as `0,2-5` names [1.5]; strict, a Left says which part breaks which rule. */
export const parseIndexList = (text: string, completions: number): E.Either<string, number> => {
  if (text === '') return E.right(0)
  let total = 0
  let previous = -1
  for (const part of text.split(',')) {
    const ends = part.split('-')
    if (ends.length > 2)
      return E.left(
        `the fragment "${part}" violates the requirement that an index interval can have at most two parts separated by '-'`,
      )
    const from = indexOf(ends[0] ?? '', completions, previous)
    if (E.isLeft(from)) return from
    const to = ends[1] === undefined ? from : indexOf(ends[1], completions, from.right)
    if (E.isLeft(to)) return to
    total += to.right - from.right + 1
    previous = to.right
  }
  return E.right(total)
}

const indexOf = (text: string, completions: number, previous: number): E.Either<string, number> => {
  if (!/^\+?[0-9]{1,15}$/.test(text)) return E.left(`cannot convert string to integer for index: "${text}"`)
  const index = Number(text)
  if (index >= completions) return E.left(`too large index: "${text}"`)
  if (index <= previous) return E.left(`non-increasing order, previous: ${previous}, current: ${index}`)
  return E.right(index)
}
