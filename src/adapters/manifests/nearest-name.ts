/** The name that was probably meant: the one with the fewest letters to change, if these are few. */
export const nearestName = (given: string, known: ReadonlyArray<string>): string | undefined => {
  if (given.length > nameLengthMax) return undefined
  const tolerated = Math.max(1, Math.floor(given.length / 3))
  const ranked = known
    .map((name) => ({ name, distance: distance(given.toLowerCase(), name.toLowerCase()) }))
    .filter((one) => one.distance <= tolerated)
    .sort((a, b) => a.distance - b.distance)
  return ranked[0]?.name
}

/** Longer than any field of Kubernetes; keeps the comparison small. */
const nameLengthMax = 64

/** Letters to insert, delete or replace, two swapped neighbours counting as one. */
const distance = (a: string, b: string): number => {
  let beforeLast: ReadonlyArray<number> = []
  let last: ReadonlyArray<number> = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(beforeLast, j - 2) + 1 : replaced
      row.push(Math.min(replaced, swapped, at(last, j) + 1, at(row, j - 1) + 1))
    }
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

const at = (row: ReadonlyArray<number>, index: number): number => row[index] ?? 0
