/** A rule that is switched off by another text in one place of src, and the test of that rule, which must turn red by it. */
export type DisabledRule = {
  readonly rule: string
  readonly file: string
  readonly before: string
  readonly after: string
  readonly test: string
  /** How its full name goes on from some place, such as the title up to where it varies. */
  readonly title: string
}

/** Rules that live in one file of src: each as its id, the two texts, and test file and title. */
export const disabledIn = (
  file: string,
  rules: ReadonlyArray<readonly [rule: string, before: string, after: string, test: string, title: string]>,
): ReadonlyArray<DisabledRule> =>
  rules.map(([rule, before, after, test, title]) => ({
    rule,
    file: `src/${file}`,
    before,
    after,
    test: `test/${test}.test.ts`,
    title,
  }))

/** The file without the rule; throws when the text is not there exactly once. */
export const withoutRule = (text: string, { rule, file, before, after }: DisabledRule): string => {
  const places = text.split(before).length - 1
  if (places !== 1) throw new Error(`${rule}: ${file} has its text ${places} times: ${before}`)
  return text.replace(before, () => after)
}
