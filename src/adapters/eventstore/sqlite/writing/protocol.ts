import type { PackedPiece } from '../folder/piece.ts'
import type { StoreRefusal } from '../folder/store-refusal.ts'

/** What the writing thread is started with. */
export type WriterStart = { readonly path: string; readonly crashAt: string | null; readonly pagesMax: number | null }

/** One append of `count` events on its way; joined by who sends it, because one long text is much cheaper to send than many short ones. */
export type AppendRequest = {
  readonly ticket: number
  readonly stream: string
  readonly expected: number
  readonly count: number
  readonly pieces: ReadonlyArray<PackedPiece>
}

export type ToWriter = ReadonlyArray<AppendRequest> | 'close'

/** `first` is the position of the append's first event; the others follow without a gap. */
export type Verdict = { readonly ticket: number } & (
  | { readonly _tag: 'Stored'; readonly first: number }
  | { readonly _tag: 'Conflict'; readonly actual: number }
  | { readonly _tag: 'Unavailable'; readonly reason: string }
)

export type FromWriter =
  /** Ready to append; `last` is the position of the last event of the log, 0 when it is empty. */
  | { readonly _tag: 'Ready'; readonly last: number }
  | { readonly _tag: 'Refused'; readonly refusal: StoreRefusal }
  /** One transaction has been committed, or (all `Unavailable`) surely rolled back. In the order of the log. */
  | { readonly _tag: 'Done'; readonly verdicts: ReadonlyArray<Verdict> }
  /** A commit failed in a way that leaves its outcome open: nothing more may be written. `lost` are the tickets it concerned. */
  | { readonly _tag: 'Fatal'; readonly reason: string; readonly lost: ReadonlyArray<number> }
  | { readonly _tag: 'Closed' }
