/** What is shown of several objects: a row for each, a cell for each header. */
export type Table = { readonly headers: ReadonlyArray<string>; readonly rows: ReadonlyArray<ReadonlyArray<string>> }
