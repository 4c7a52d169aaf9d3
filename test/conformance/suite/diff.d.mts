/** The differences between the golden and the observed value, one line each. */
export const diff: (golden: unknown, observed: unknown, path?: string) => ReadonlyArray<string>
