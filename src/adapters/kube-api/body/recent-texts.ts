/** A piece of a text, and what was read of it. */
export type ReadPiece = { readonly text: string; readonly value: unknown }

/** The pieces that came lately. */
export type RecentTexts = {
  /** The piece that begins here, if it came before. */
  readonly find: (text: string, at: number) => ReadPiece | null
  readonly keep: (piece: ReadPiece) => void
}

/**
 * Whoever makes objects by the thousand sends the same spec again and again: it is read once, and what was worked out about it is known
 * for the next. A piece is a whole object of JSON, whose end its own text tells: what begins with it is it.
 */
export const recentTexts = (): RecentTexts => {
  const pieces: ReadPiece[] = []
  return {
    find: (text, at) => {
      const found = pieces.findIndex((piece) => text.startsWith(piece.text, at))
      const piece = pieces[found]
      if (piece === undefined) return null
      if (found > 0) pieces.unshift(...pieces.splice(found, 1))
      return piece
    },
    keep: (piece) => {
      freeze(piece.value)
      pieces.unshift(piece)
      if (pieces.length > piecesMax) pieces.pop()
    },
  }
}

/** Everybody who sends it shares it from now on. */
const freeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  Object.values(value).forEach(freeze)
}

const piecesMax = 16
