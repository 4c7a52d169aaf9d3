import { describe, expect, test } from 'vitest'
import { apiKinds } from '../../../../src/adapters/kube-api/api-kind.ts'
import { fieldSelector } from '../../../../src/adapters/kube-api/selectors/field-selector.ts'
import { labelSelector } from '../../../../src/adapters/kube-api/selectors/label-selector.ts'
import { E } from '../../../../src/prelude.ts'

const things: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'red-1': { colour: 'red', size: '1' },
  'red-2': { colour: 'red', size: '12', special: '' },
  blue: { colour: 'blue' },
  plain: { size: 'large' },
}

const byLabels = (text: string) => {
  const selects = labelSelector(text)
  if (E.isLeft(selects)) return selects.left
  return Object.entries(things).flatMap(([name, labels]) => (selects.right(labels) ? [name] : []))
}

describe('a label selector', () => {
  test.each<[text: string, selected: ReadonlyArray<string>]>([
    ['', ['red-1', 'red-2', 'blue', 'plain']],
    ['colour=red', ['red-1', 'red-2']],
    ['colour==red', ['red-1', 'red-2']],
    ['colour!=red', ['blue', 'plain']],
    ['colour in (red, blue)', ['red-1', 'red-2', 'blue']],
    ['colour notin (red)', ['blue', 'plain']],
    ['colour', ['red-1', 'red-2', 'blue']],
    ['!colour', ['plain']],
    ['colour,!special', ['red-1', 'blue']],
    ['size>2', ['red-2']],
    ['size<2', ['red-1']],
    [' colour = red , special ', ['red-2']],
    ['colour=', []],
    ['special=', ['red-2']],
    ['special in (,x)', ['red-2']],
    ['colour in ()', []],
    ['in in (in)', []],
    ['toString', []],
  ])('%s', (text, selected) => expect(byLabels(text)).toStrictEqual(selected))

  test.each<[text: string, problem: string]>([
    ['colour=red=blue', "found '=', expected: ',' or 'end of string'"],
    ['colour in red', "unable to parse requirement: found 'red' expected: '('"],
    ['colour=a b', "found 'b', expected: ',' or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['!!a', "unable to parse requirement: found '!', expected: identifier"],
    [',', "found ',', expected: !, identifier, or 'end of string'"],
    ['colour=red,', "found '', expected: identifier after ','"],
    [
      'size>large',
      `unable to parse requirement: values[0]: Invalid value: "large": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
  ])('%s is refused in the words of Kubernetes', (text, problem) => expect(byLabels(text)).toBe(problem))

  test.each([
    ['-x=1', /^unable to parse requirement: <nil>: Invalid value: "-x": name part must consist of /],
    ['a=-b', /^unable to parse requirement: values\[0\]\[a\]: Invalid value: "-b": a valid label must /],
  ])('%s names the place of what is wrong', (text, problem) => expect(byLabels(text)).toMatch(problem))
})

const job = { metadata: { name: 'a', namespace: 'here' }, status: { succeeded: 1 } }
const pod = { metadata: { name: 'a,b' }, spec: { hostNetwork: true }, status: { phase: 'Running' } }

describe('a field selector', () => {
  test.each<[kind: 'jobs' | 'pods', text: string, isSelected: boolean]>([
    ['jobs', '', true],
    ['jobs', 'metadata.name=a', true],
    ['jobs', 'metadata.name==a,metadata.namespace=there', false],
    ['jobs', 'metadata.name!=a', false],
    ['jobs', 'metadata.name=', false],
    ['jobs', 'status.successful=1', true],
    ['jobs', 'status.successful!=0', true],
    ['pods', 'status.phase=Running,spec.nodeName=', true],
    ['pods', 'spec.hostNetwork=true', true],
    ['pods', 'metadata.name=a\\,b', true],
  ])('of %s: %s', (kind, text, isSelected) => {
    const selects = fieldSelector(apiKinds[kind])(text)
    expect(E.isRight(selects) && selects.right(kind === 'jobs' ? job : pod)).toBe(isSelected)
  })

  test('a job without a number of successes has none', () => {
    const selects = fieldSelector(apiKinds.jobs)('status.successful=0')
    expect(E.isRight(selects) && selects.right({ metadata: { name: 'b' }, status: {} })).toBe(true)
  })

  test.each<[kind: 'jobs' | 'pods' | 'cronjobs', text: string, problem: string]>([
    ['jobs', 'metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    [
      'jobs',
      'metadata.name in (a)',
      "invalid selector: 'metadata.name in (a)'; can't understand 'metadata.name in (a)'",
    ],
    ['jobs', 'metadata.name=a=b', "invalid selector: 'metadata.name=a=b'; can't understand 'metadata.name=a=b'"],
    ['jobs', 'status.active=1', 'field label "status.active" not supported for Job'],
    ['pods', 'status.message=x', 'field label not supported: status.message'],
    [
      'cronjobs',
      'spec.suspend=true',
      '"spec.suspend" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['jobs', 'toString=1', 'field label "toString" not supported for Job'],
  ])('of %s: %s is refused in the words of Kubernetes', (kind, text, problem) =>
    expect(fieldSelector(apiKinds[kind])(text)).toStrictEqual(E.left(problem)),
  )
})
