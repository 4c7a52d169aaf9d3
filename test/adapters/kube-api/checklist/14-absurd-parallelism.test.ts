import { describe, expect, test } from 'vitest'
import { jobsHere, servedHere } from '../../../support/pods-here.ts'
import { asking } from './asking.ts'

const int32Max = 2_147_483_647
const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] } }

/** What one sync creates at most, and how many syncs there may be while a client asks once. */
const perSync = 450
const syncsPerQuestion = 3

describe.each([
  ['clients run', asking],
  ['run here', servedHere],
] as const)('API-14: of a Job whose Pods %s', (_, serve) => {
  test.each([
    ['NonIndexed', int32Max],
    ['Indexed', 100_000],
  ])(
    'a manifest of completion mode %s may ask for a parallelism of %d: it is made at once, and who asks meanwhile is answered',
    {
      timeout: 60_000,
    },
    async (completionMode, parallelism) => {
      const it = await serve()
      const spec = { completionMode, parallelism, completions: int32Max, template }
      const created = await it.ask('POST', jobsHere, { metadata: { name: 'absurd' }, spec })
      expect([created.code, created.body.spec]).toMatchObject([201, { parallelism, completions: int32Max }])
      let before = 0
      for (let questions = 0; questions < 10; questions += 1) {
        await it.sleep(1)
        const { active } = (await it.ask('GET', `${jobsHere}/absurd`)).body.status
        expect(active).toBeGreaterThan(before)
        expect(active).toBeLessThanOrEqual(before + perSync * syncsPerQuestion)
        before = active
      }
      const stopped = await it.ask('PATCH', `${jobsHere}/absurd`, { spec: { suspend: true } })
      expect(stopped.code).toBe(200)
      for (let left = before; left > 0; ) {
        await it.sleep(1)
        const { active = 0 } = (await it.ask('GET', `${jobsHere}/absurd`)).body.status
        expect(active).toBeLessThan(left)
        left = active
      }
    },
  )
})
