import { type Style, styled } from './ansi.ts'

export type IndexState = 'waiting' | 'active' | 'succeeded' | 'failed'

type StripOptions = { readonly width: number; readonly colour: boolean; readonly unicode: boolean }

/**
 * One cell for each index of an Indexed Job, in rows of full tens that start with the number of their first index. Nothing for
 * more than 200 indexes, which no strip makes clearer, or where not even ten cells fit.
 */
export const indexStrip = (indexes: ReadonlyArray<IndexState>, options: StripOptions): ReadonlyArray<string> => {
  const margin = String(indexes.length - 1).length + 1
  const perRow = Math.floor((options.width - margin) / 10) * 10
  if (indexes.length === 0 || indexes.length > indexesMax || perRow < 10) return []
  const starts = Array.from({ length: Math.ceil(indexes.length / perRow) }, (_, row) => row * perRow)
  return starts.map((start) => {
    const cells = indexes.slice(start, start + perRow).map((state) => cell(state, options))
    return `${String(start).padStart(margin - 1)} ${cells.join('')}`
  })
}

const indexesMax = 200

const cell = (state: IndexState, { colour, unicode }: StripOptions): string => {
  const { unicode: glyph, ascii, style } = cells[state]
  return styled(style, unicode ? glyph : ascii, { colour })
}

const cells: Readonly<Record<IndexState, { readonly unicode: string; readonly ascii: string; readonly style: Style }>> =
  {
    waiting: { unicode: '·', ascii: '.', style: 'dim' },
    active: { unicode: '▒', ascii: '+', style: 'cyan' },
    succeeded: { unicode: '█', ascii: '#', style: 'green' },
    failed: { unicode: '×', ascii: 'x', style: 'red' },
  }
