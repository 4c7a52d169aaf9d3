import { describe, expect, test } from 'vitest'
import { elapsed } from '../../../../src/adapters/cli/simulation/elapsed.ts'
import { type Scene, storyTeller } from '../../../../src/adapters/cli/simulation/story.ts'
import { sceneText, storyText } from '../../../../src/adapters/cli/simulation/story-text.ts'
import { timeZone } from '../../../../src/domain/cronjob/schedule/time-zone.ts'
import { emptyJobView } from '../../../../src/projections/job-view.ts'
import { change, failed, failedWith, saw, succeeded } from '../../../support/given.ts'
import { manifest } from '../../../support/manifests.ts'
import { atSecond, birth, type Told, told, toldOf } from '../../../support/told.ts'

/** The story of a Job, a line for each scene; names of Pods are left out. */
const linesOf = ({ view, history }: Told): ReadonlyArray<string> => {
  const teller = storyTeller()
  teller.jobs([{ uid: 'uid-1', before: emptyJobView, view, recorded: history }])
  return storyText(teller.scenes(), { start: birth, end: birth, zone: null })
    .trimEnd()
    .split('\n')
    .map((line) =>
      line.replaceAll(/pi-(\d+-)?\w{5}/g, (_, index: string | undefined) => `pi-${index ?? ''}x`).replace(/ +/, ' '),
    )
}

const three = manifest({ completionMode: 'Indexed', completions: 3, parallelism: 3 })

describe('the story of a simulated Job', () => {
  test('tells at once what happens to several Pods alike, and failures before what they lead to', () => {
    const story = told({ ...three, spec: { ...three.spec, backoffLimit: 1 } })
      .sync(0)
      .and(failed(0, atSecond(5)), 5)
      .and(failed(2, atSecond(5)), 5)
      .sync(5)
      .and(saw(1, { type: 'PodFailed', reason: null, exitCode: 143, at: atSecond(6) }), 6)
      .sync(6)
    expect(linesOf(story)).toStrictEqual([
      '0s created: 3 completions, 3 at a time, backoffLimit 1, indexed',
      '0s 3 Pods for indexes 0-2 created: pi-0-x, pi-1-x, pi-2-x',
      '5s 2 Pods for indexes 0,2 failed with exit code 1: pi-0-x, pi-2-x',
      '5s Pod pi-1-x for index 1 told to stop, 30s of grace',
      '5s 3 failed so far (backoffLimit 1)',
      '5s condition FailureTarget: BackoffLimitExceeded: Job has reached the specified backoff limit',
      '6s Pod pi-1-x for index 1 failed with exit code 143',
      '6s condition Failed: BackoffLimitExceeded: Job has reached the specified backoff limit',
    ])
  })

  test('tells of back-off, restarts in place, and suspension', () => {
    const story = toldOf({ restartPolicy: 'OnFailure' })
      .sync(0)
      .and(failedWith(0, 3, atSecond(1)), 1)
      .sync(1)
      .and(change({ suspend: true }), 2)
      .sync(2)
      .and(change({ suspend: false }), 30)
      .sync(30)
      .and(succeeded(1, atSecond(31)), 31)
      .sync(31)
    expect(linesOf(story)).toStrictEqual([
      '0s created: 1 completion, 1 at a time, backoffLimit 6',
      '0s Pod pi-x created',
      '1s Pod pi-x had a container that exited with 3',
      '1s Pod pi-x failed with exit code 3',
      '1s 1 failed so far (backoffLimit 6)',
      '1s back-off: the next Pods in 10s',
      '2s suspended',
      '30s Pod pi-x created',
      '30s resumed',
      '31s Pod pi-x succeeded',
      '31s condition SuccessCriteriaMet: CompletionsReached: Reached expected number of succeeded pods',
      '31s condition Complete: CompletionsReached: Reached expected number of succeeded pods',
    ])
  })

  test('names four Pods at most, and all of their indexes', () => {
    const pods = [5, 1, 2, 3, 4].map((index) => ({ name: `p-${index}`, index }))
    const scene: Scene = { at: 0, object: 'job/p', says: 'succeeded', pods, indexes: [] }
    expect(sceneText(scene)).toBe('5 Pods for indexes 1-5 succeeded: p-5, p-1, p-2, p-3 and 1 more')
    expect(sceneText({ ...scene, says: 'failed for good', pods: [], indexes: [4, 3, 2] })).toBe(
      'indexes 2-4 failed for good',
    )
  })

  test('cannot be made to steer a terminal', () => {
    const scene: Scene = { at: 0, object: 'job/p', says: 'left a message: \u001b[2J\nmore', pods: [], indexes: [] }
    expect(storyText([scene], { start: 0, end: 0, zone: null })).toBe('0s  left a message: ^[[2J...\n')
  })

  test('tells when the clocks of its zone are changed, also where nothing happens', () => {
    const start = Date.parse('2026-10-24T22:00:00Z')
    const zone = timeZone('Europe/Zurich')
    expect(storyText([], { start, end: start + 6 * 3_600_000, zone })).toBe(
      '3h0m0s  2026-10-25 02:00:00 +01:00    the clocks in Europe/Zurich are put back from 03:00 to 02:00\n',
    )
  })
})

test.each([
  [0, '0s'],
  [350, '350ms'],
  [1000, '1s'],
  [10_447, '10.447s'],
  [60_000, '1m0s'],
  [93_600_100, '26h0m0.1s'],
])('%i ms are written as %s', (ms, text) => expect(elapsed(ms)).toBe(text))
