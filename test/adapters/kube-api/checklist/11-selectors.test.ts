import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'

const jobs = '/apis/batch/v1/namespaces/ns/jobs'
const job = (name: string, labels: Readonly<Record<string, string>>) => ({
  metadata: { name, labels },
  spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } },
})

/** Three Jobs: `red` and `blue` have a colour, `plain` has none. */
const three = async () => {
  const it = await asking()
  await it.ask('POST', jobs, job('red', { colour: 'red', big: '' }))
  await it.ask('POST', jobs, job('blue', { colour: 'blue' }))
  await it.ask('POST', jobs, job('plain', { other: 'x' }))
  const found = async (query: string): Promise<ReadonlyArray<string>> =>
    (await it.ask('GET', `${jobs}?${query}`)).body.items.map(
      ({ metadata }: { metadata: { name: string } }) => metadata.name,
    )
  return { ...it, found }
}

describe('API-11: selectors', () => {
  test.each([
    ['colour=red', ['red']],
    ['colour==red', ['red']],
    ['colour!=red', ['blue', 'plain']],
    ['colour in (red, blue)', ['blue', 'red']],
    ['colour notin (red)', ['blue', 'plain']],
    ['colour', ['blue', 'red']],
    ['!colour', ['plain']],
    ['big=', ['red']],
    ['colour in (red,blue),!big', ['blue']],
    ['', ['blue', 'plain', 'red']],
  ])('API-11: labels: %s', async (selector, names) => {
    const { found } = await three()
    expect(await found(`labelSelector=${encodeURIComponent(selector)}`)).toStrictEqual(names)
  })

  test.each([
    ['metadata.name=red', ['red']],
    ['metadata.name!=red', ['blue', 'plain']],
    ['metadata.namespace=ns,metadata.name=blue', ['blue']],
    ['status.successful=0', ['blue', 'plain', 'red']],
    ['status.successful=1', []],
  ])('API-11: fields: %s', async (selector, names) => {
    const { found } = await three()
    expect(await found(`fieldSelector=${encodeURIComponent(selector)}`)).toStrictEqual(names)
  })

  test('API-11: a selector that cannot be read, and a field that none has, are refused', async () => {
    const { ask } = await three()
    expect(await ask('GET', `${jobs}?labelSelector=${encodeURIComponent('a in (')}`)).toMatchObject({ code: 400 })
    expect(await ask('GET', `${jobs}?fieldSelector=spec.parallelism=1`)).toMatchObject({
      code: 400,
      body: { reason: 'BadRequest', message: 'field label "spec.parallelism" not supported for Job' },
    })
  })

  test('API-11: a collection is deleted by its labels', async () => {
    const { ask, found } = await three()
    expect((await ask('DELETE', `${jobs}?labelSelector=colour&propagationPolicy=Background`)).code).toBe(200)
    expect(await found('')).toStrictEqual(['plain'])
  })
})
