import { describe, expect, test } from 'vitest'
import type { AdoptPod, ChangePod, JobCommand } from '../../../src/domain/job/commands.ts'
import { indexesOf } from '../../../src/domain/job/index-set.ts'
import { podRow } from '../../../src/domain/job/pod-columns.ts'
import { podIdentities, podIdentityOf } from '../../../src/domain/job/pod-identity.ts'
import { jobCreated, start } from '../../support/facts.ts'
import { type Given, given, sync } from '../../support/given.ts'

const pods = 10_000
const ordinals = Array.from({ length: pods }, (_, pod) => pod)

const inAMoment = (act: () => Given): Given => {
  const began = performance.now()
  const it = act()
  expect(performance.now() - began).toBeLessThan(2000)
  return it
}

const oneByOne = (it: Given, command: (pod: number) => JobCommand): Given =>
  ordinals.reduce((job, pod) => job.and(command(pod), start + 1), it)

/** As often as it takes for all of them: a sync creates or lets go 450. */
const synced = (it: Given): Given => Array.from({ length: 23 }).reduce<Given>((job) => job.and(sync), it)

const created = given(jobCreated({ parallelism: pods, completions: pods }))
const wide = (): Given => synced(created)

const identityOf = podIdentities({ name: 'other', seed: 'of another Job' })

const foundling = (pod: number): AdoptPod => ({
  type: 'AdoptPod',
  ...identityOf(pod, null),
  index: null,
  hasNode: true,
  hasFinalizers: false,
  createdAt: start,
  form: {},
  run: {
    node: 'n',
    place: { job: 'uid-other', pod },
    observations: [{ type: 'PodStarted', ready: true, at: start }],
  },
})

const relabelled = (pod: number): ChangePod => ({
  type: 'ChangePod',
  pod,
  patch: {},
  isSelected: false,
  isTracked: true,
  isOwned: true,
  hasNode: true,
  hasFinalizers: false,
})

describe('ten thousand Pods of one Job, one command each', () => {
  test('are taken over in a moment, and each of them once', () => {
    const { job } = inAMoment(() => oneByOne(oneByOne(created, foundling), foundling))
    expect(job.counts).toMatchObject({ active: pods, ready: pods })
    for (const pod of ordinals) expect(podIdentityOf(job, pod, null).uid).toBe(identityOf(pod, null).uid)
  })

  test('change their labels in a moment, and are let go', () => {
    const running = wide()
    const { job } = inAMoment(() => synced(oneByOne(running, relabelled)))
    expect([...indexesOf(job.released)]).toStrictEqual(ordinals)
    expect(job.unselected.size).toBe(0)
  })

  test('lose their reference to it in a moment, and were ready until then', () => {
    const facts = ordinals.map((pod) => ({ pod, observation: { type: 'PodStarted', ready: true, at: start } as const }))
    const running = wide().and({ type: 'RecordPodFacts', facts })
    const { job } = inAMoment(() => oneByOne(running, (pod) => ({ ...relabelled(pod), isOwned: false })))
    expect(job).toMatchObject({ live: 0, counts: { active: 0, ready: 0 } })
    for (const pod of ordinals) expect(podRow(job.pods, pod)).toMatchObject({ ready: true, readyTurnedAt: start })
  })
})
