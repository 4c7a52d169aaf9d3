import { describe, expect, test } from 'vitest'
import { applying, job, jobs, map, maps, template, wholeJob } from './applying.ts'

describe('applying', () => {
  test('API-20: what is not there is created, and the same again changes nothing', async () => {
    const { apply, ask } = await applying()
    expect((await apply('me', `${jobs}/job`, wholeJob())).code).toBe(201)
    const before = (await ask('GET', `${jobs}/job`)).body
    expect(await apply('me', `${jobs}/job`, wholeJob())).toMatchObject({ code: 200, body: before })
  })

  test('API-20: nothing comes into being in a namespace that is not there, by a status, or by a dry run', async () => {
    const { apply, ask } = await applying()
    expect((await apply('me', '/apis/batch/v1/namespaces/nowhere/jobs/job', wholeJob())).code).toBe(404)
    expect((await apply('me', `${jobs}/job/status`, job())).code).toBe(404)
    const dry = await apply('me', `${jobs}/job`, wholeJob(), '&dryRun=All')
    expect([dry.code, dry.body.metadata.managedFields.length]).toStrictEqual([201, 1])
    expect((await ask('GET', `${jobs}/job`)).code).toBe(404)
  })

  test('API-20: another value for a field of somebody else is a conflict, of which nothing is recorded', async () => {
    const { apply, ask } = await applying()
    await apply('ada', `${maps}/map`, map({ a: '1', b: '1' }))
    await apply('bob', `${maps}/map`, map({ c: '1' }))
    const before = (await ask('GET', `${maps}/map`)).body
    const { code, body } = await apply('eve', `${maps}/map`, map({ a: '2', b: '2', c: '2', d: '2' }))
    expect([code, body.reason, body.message]).toStrictEqual([
      ...[409, 'Conflict'],
      'Apply failed with 3 conflicts: conflicts with "ada":\n- .data.a\n- .data.b\nconflicts with "bob":\n- .data.c',
    ])
    expect(body.details.causes[2]).toStrictEqual({
      reason: 'FieldManagerConflict',
      message: 'conflict with "bob"',
      field: '.data.c',
    })
    expect((await ask('GET', `${maps}/map`)).body).toStrictEqual(before)
  })

  test('API-20: who changed a field otherwise is named with how they did it', async () => {
    const { apply, ask } = await applying()
    await apply('ada', `${jobs}/job`, wholeJob({ parallelism: 1 }))
    await ask('PATCH', `${jobs}/job?fieldManager=bob`, { spec: { parallelism: 2 } })
    await ask('PATCH', `${jobs}/job/status?fieldManager=dora`, { status: { ready: 0 } })
    await ask('PATCH', `${jobs}/job/scale?fieldManager=carol`, { spec: { replicas: 3 } })
    expect((await apply('ada', `${jobs}/job`, wholeJob({ parallelism: 1 }))).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "carol" with subresource "scale" using batch/v1: .spec.parallelism',
    )
    expect((await apply('ada', `${jobs}/job/status`, { ...job(), status: { ready: 1 } })).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "dora" with subresource "status" using batch/v1: .status.ready',
    )
  })

  test('API-20: an element of a list is told by its keys', async () => {
    const { apply } = await applying()
    const withEnv = (value: string) => ({
      ...template,
      spec: { ...template.spec, containers: [{ name: 'main', image: 'busybox', env: [{ name: 'X', value }] }] },
    })
    await apply('ada', `${jobs}/job`, wholeJob({ template: withEnv('1') }))
    expect((await apply('bob', `${jobs}/job`, wholeJob({ template: withEnv('2') }))).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "ada": .spec.template.spec.containers[name="main"].env[name="X"].value',
    )
  })

  test('API-20: by force the value and the field are taken', async () => {
    const { apply, managersOf } = await applying()
    await apply('ada', `${maps}/map`, map({ a: '1', b: '1' }))
    const { code, body } = await apply('bob', `${maps}/map`, map({ a: '2' }), '&force=true')
    expect([code, body.data]).toStrictEqual([200, { a: '2', b: '1' }])
    expect((await managersOf(`${maps}/map`)).map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toStrictEqual([
      ['ada', { 'f:data': { 'f:b': {} } }],
      ['bob', { 'f:data': { 'f:a': {} } }],
    ])
  })

  test('API-20: what two have said goes only when both say it no more', async () => {
    const { apply } = await applying()
    await apply('ada', `${maps}/map`, map({ a: '1', b: '1' }))
    await apply('bob', `${maps}/map`, map({ a: '1', c: '1' }))
    expect((await apply('ada', `${maps}/map`, map({ b: '1' }))).body.data).toStrictEqual({ a: '1', b: '1', c: '1' })
    expect((await apply('bob', `${maps}/map`, map({ c: '1' }))).body.data).toStrictEqual({ b: '1', c: '1' })
  })

  test('API-20: a field given up takes its default, and may then be refused', async () => {
    const { apply } = await applying()
    await apply('ada', `${jobs}/job`, wholeJob({ parallelism: 2, completions: 3 }))
    expect((await apply('ada', `${jobs}/job`, wholeJob({ completions: 3 }))).body.spec.parallelism).toBe(1)
    await apply('ada', `${jobs}/other`, wholeJob({ parallelism: 2 }, { name: 'other' }))
    expect((await apply('ada', `${jobs}/other`, wholeJob({}, { name: 'other' }))).body.message).toBe(
      'Job.batch "other" is invalid: spec.completions: Invalid value: 1: field is immutable',
    )
  })

  test('API-20: an object that nobody manages yet is managed by what was there before', async () => {
    const { apply, ask } = await applying()
    await ask('POST', maps, map({ a: '1', b: '1' }))
    await ask('PATCH', `${maps}/map`, { metadata: { managedFields: [{}] } })
    expect((await apply('ada', `${maps}/map`, map({ a: '2' }))).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
    )
  })

  test('API-20: the version that a configuration names must be the present one', async () => {
    const { apply, ask } = await applying()
    await apply('ada', `${maps}/map`, map({ a: '1' }))
    const { resourceVersion } = (await ask('GET', `${maps}/map`)).body.metadata
    expect((await apply('ada', `${maps}/map`, map({ a: '2' }, { resourceVersion: '1' }))).code).toBe(409)
    expect((await apply('ada', `${maps}/map`, map({ a: '2' }, { resourceVersion }))).code).toBe(200)
  })

  test.each([
    ['an unknown field', { spec: { bogus: 1 } }, '.spec.bogus: field not declared in schema'],
    ['a wrong type', { spec: { suspend: 'yes' } }, '.spec.suspend: expected boolean, got &{yes}'],
    [
      'an element given twice',
      { spec: { template: { spec: { containers: [{ name: 'x' }, { name: 'x' }] } } } },
      '.spec.template.spec.containers: duplicate entries for key [name="x"]',
    ],
    [
      'an element without its key',
      { spec: { template: { spec: { containers: [{ image: 'x' }] } } } },
      '.spec.template.spec.containers: element 0: associative list with keys has an element that omits key field "name" (and doesn\'t have default value)',
    ],
    [
      'several of these',
      { spec: { a: 1, suspend: [1] } },
      'errors:\n  .spec.a: field not declared in schema\n  .spec.suspend: expected boolean, got &{[1]}',
    ],
  ])('API-20: %s is no configuration', async (_, config, problem) => {
    const { apply } = await applying()
    const { code, body } = await apply('ada', `${jobs}/job`, { ...job(), ...config }, '&fieldValidation=Ignore')
    expect([code, body.reason, body.message]).toStrictEqual([
      ...[500, undefined],
      `failed to create typed patch object (/job; batch/v1, Kind=Job): ${problem}`,
    ])
  })

  test('API-20: a value of the right type that means nothing is refused', async () => {
    const { apply } = await applying()
    const { code, body } = await apply('ada', `${jobs}/job`, { ...job(), status: { startTime: 'soon' } })
    expect([code, body.message]).toStrictEqual([
      400,
      'failed to convert new object (/job; batch/v1, Kind=Job) to proper version: parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006"',
    ])
  })

  test.each([
    [{ ...job(), kind: '' }, 400, 'invalid object type: batch/v1, Kind='],
    [{ ...job(), metadata: { name: 'job', managedFields: [] } }, 400, 'metadata.managedFields must be nil'],
    [
      { ...job(), metadata: { name: 'other' } },
      400,
      'the name of the object (other) does not match the name on the URL (job)',
    ],
  ])('API-20: %j is refused', async (config, code, message) => {
    const { apply } = await applying()
    expect(await apply('ada', `${jobs}/job`, config)).toMatchObject({ code, body: { message } })
  })

  test('API-20: who applies says who they are, and only who applies can force', async () => {
    const { ask } = await applying()
    const options = 'PatchOptions.meta.k8s.io "" is invalid: '
    expect((await ask('PATCH', `${maps}/map`, map({}), { type: 'application/apply-patch+yaml' })).body.message).toBe(
      `${options}fieldManager: Required value: is required for apply patch`,
    )
    expect((await ask('PATCH', `${maps}/map?force=true`, {})).body.message).toBe(
      `${options}force: Forbidden: may not be specified for non-apply patch`,
    )
  })

  test('API-20: two who apply at once to what is not there are both heard', async () => {
    const { apply, ask } = await applying()
    const answers = await Promise.all([
      apply('ada', `${maps}/map`, map({ a: '1' })),
      apply('bob', `${maps}/map`, map({ b: '1' })),
    ])
    expect(answers.map(({ code }) => code).toSorted((a, b) => a - b)).toStrictEqual([200, 201])
    expect((await ask('GET', `${maps}/map`)).body.data).toStrictEqual({ a: '1', b: '1' })
  })
})
