import * as t from 'io-ts'
import { int } from '../../domain/codecs.ts'

/**
 * What another terminal asks of the process that holds the data folder when it cannot read the log itself: a command that reads, as it was
 * typed. `log` is where it would have read, so that nobody is told of another log; `timeZone` is that of the terminal.
 */
export const ReadRequest = t.strict(
  { type: t.literal('read'), log: t.string, words: t.array(t.string), timeZone: t.string },
  'ReadRequest',
)
export type ReadRequest = t.TypeOf<typeof ReadRequest>

/** What the command prints when the holder answers it from memory, which holds the log up to `position`; or why it does not. */
export const ReadAnswer = t.union(
  [
    t.strict(
      { type: t.literal('printed'), out: t.string, err: t.string, exitCode: int, position: t.string },
      'printed',
    ),
    t.strict({ type: t.literal('refused'), reason: t.string }, 'refused'),
  ],
  'ReadAnswer',
)
export type ReadAnswer = t.TypeOf<typeof ReadAnswer>
