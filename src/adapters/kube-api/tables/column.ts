import type { ApiObject } from '../../../application/api/resource.ts'

/** A column of a server-side table; `isWide` ones are shown on demand only. */
export type Column = {
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean' | 'date'
  readonly format: '' | 'name'
  readonly isWide: boolean
}

export type Cell = string | number | boolean | null

/** How objects of one kind are shown as rows. `now` in epoch milliseconds. */
export type Columns = {
  readonly columns: ReadonlyArray<Column>
  readonly cells: (object: ApiObject, now: number) => ReadonlyArray<Cell>
}

/** A column of texts, unless it is said otherwise. */
export const column = (name: string, over: Partial<Column> = {}): Column => ({
  name,
  type: 'string',
  format: '',
  isWide: false,
  ...over,
})
/** The column of names. */
export const named = column('Name', { format: 'name' })
/** One that is shown on demand only. */
export const wide = (name: string): Column => column(name, { isWide: true })
