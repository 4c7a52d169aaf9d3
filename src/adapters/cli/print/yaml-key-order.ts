/** Compares keys in the order kubectl writes them in YAML: other characters before letters, runs of digits by their number. */
export const byYamlKey = (keyA: string, keyB: string): number => {
  const [a, b] = [[...keyA], [...keyB]]
  const at = a.findIndex((character, index) => character !== b[index])
  const [left, right] = [a[at], b[at]]
  if (left === undefined || right === undefined) return a.length - b.length
  if (isLetter(left) && isLetter(right)) return left < right ? -1 : 1
  if (isLetter(left) || isLetter(right)) return isLetter(left) === isDigit(a[at - 1]) ? -1 : 1
  return byNumber(a, b, at) || (left < right ? -1 : 1)
}

/** By the numbers that stand where the keys begin to differ; equal numbers by their length. */
const byNumber = (a: ReadonlyArray<string>, b: ReadonlyArray<string>, at: number): number => {
  const [left, right] = [digitsFrom(a, at), digitsFrom(b, at)]
  const digitsBefore = /[0-9]*$/.exec(a.slice(0, at).join(''))?.[0] ?? ''
  // A zero counts as a digit of its own only when it continues a number, not when it leads one.
  const continues = /[1-9]/.test(digitsBefore) && (a[at] === '0' || b[at] === '0')
  const lead = continues ? '1' : '0'
  return Number(lead + left) - Number(lead + right) || left.length - right.length
}

const digitsFrom = (key: ReadonlyArray<string>, at: number): string => /^[0-9]*/.exec(key.slice(at).join(''))?.[0] ?? ''

const isLetter = (character: string): boolean => /\p{L}/u.test(character)

const isDigit = (character = ''): boolean => /[0-9]/.test(character)
