import { expect, test } from 'vitest'
import { alignedText } from '../../../../src/adapters/cli/print/aligned-text.ts'

test('[12.5] a column is as wide as its longest cell and two spaces', () => {
  expect(alignedText('Name:\tpi\nNamespace:\tdefault')).toBe('Name:       pi\nNamespace:  default')
})

test('[12.5] a line without a tab ends the run, and the next run has widths of its own', () => {
  expect(alignedText('A long heading:\tx\nEvents:\na:\ty\nbcd:\tz')).toBe(
    'A long heading:  x\nEvents:\na:    y\nbcd:  z',
  )
})

test('[12.5] an inner column ends where a line does not have it, the outer one goes on', () => {
  expect(alignedText('a\tbbbb\tc\nd\te\nfff\tg\th')).toBe('a    bbbb  c\nd    e\nfff  g  h')
})

test('[12.5] an empty first cell keeps its column, an empty last one its padding', () => {
  expect(alignedText('Labels:\ta=1\n\tb=2\nMedium:\t')).toBe('Labels:  a=1\n         b=2\nMedium:  ')
})

test('[12.5] the last cell of a line widens nothing, and characters count once', () => {
  expect(alignedText('é\tlong last cell\nab\t😀\tx\nab\tcd\ty')).toBe('é   long last cell\nab  😀   x\nab  cd  y')
})

test('[12.5] a text without tabs stays as it is', () => {
  expect(alignedText('')).toBe('')
  expect(alignedText('one\n\ntwo\n')).toBe('one\n\ntwo\n')
})
