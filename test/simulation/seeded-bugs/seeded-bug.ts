/** One place of a file of src that says something else: the only occurrence of `before` becomes `after`. */
export type SeededBug = {
  readonly name: string
  readonly file: string
  readonly before: string
  readonly after: string
}

/** Several in one file, each as its name and the two texts. */
export const bugsIn = (
  file: string,
  bugs: ReadonlyArray<readonly [name: string, before: string, after: string]>,
): ReadonlyArray<SeededBug> => bugs.map(([name, before, after]) => ({ name, file, before, after }))

/** The file with the mistake in it; throws when the text is not there exactly once. */
export const withBug = (text: string, { name, file, before, after }: SeededBug): string => {
  const places = text.split(before).length - 1
  if (places !== 1) throw new Error(`"${name}": ${file} has its text ${places} times: ${before}`)
  return text.replace(before, () => after)
}
