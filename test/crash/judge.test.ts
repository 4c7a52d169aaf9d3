import { expect, test } from 'vitest'
import { readTestimonies, verdict } from './judge.ts'

const judged = (...lines: ReadonlyArray<string>) =>
  verdict(readTestimonies(lines.map((line) => `${line} 1\n`).join('')))

test('runs of an index one after the other are well, killed ones too', () => {
  expect(judged('start 0 a', 'tick 0 a', 'start 1 x', 'start 0 b', 'tick 1 x', 'giveup 0 b', 'start 0 c')).toEqual([])
})

test('a run that still lives when the next one of its index has started is found', () => {
  expect(judged('start 0 a', 'start 0 b', 'tick 0 a')).toEqual(['Pods a and b of index 0 ran at the same time'])
})

test('a run that lives on behind the end of the next one is found', () => {
  expect(judged('start 0 a', 'start 0 b', 'end 0 b', 'end 0 a')).toEqual([
    'Pods a and b of index 0 ran at the same time',
  ])
})

test('a Pod that runs twice, or without a start, or on and on, is found', () => {
  expect(judged('start 0 a', 'start 0 a')).toEqual(['Pod a of index 0 ran twice'])
  expect(judged('tick 0 a')).toEqual(['Pod a of index 0 said tick before its start'])
  expect(judged('start 0 a', 'end 0 a', 'tick 0 a')).toEqual(['Pod a of index 0 went on behind its end'])
})

test('a torn line is not passed over', () => {
  expect(() => readTestimonies('start 0 a 1\nstart 0start 1 b 1\n')).toThrow('torn line')
})
