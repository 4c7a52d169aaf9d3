import { describe, expect, test } from 'vitest'
import { jobEnd } from '../../src/projections/job-object.ts'
import { type Ending, outcomeMessage } from '../../src/projections/outcome-message.ts'
import { terms } from '../support/facts.ts'
import { succeeded } from '../support/given.ts'
import { manifest } from '../support/manifests.ts'
import { atSecond, told } from '../support/told.ts'

const naming = {
  namespace: 'default',
  terms: terms({
    podFailurePolicy: [
      { action: 'Count', onExitCodes: null, onPodConditions: [] },
      {
        action: 'FailJob',
        onExitCodes: null,
        onPodConditions: [
          { type: 'DisruptionTarget', status: 'True' },
          { type: 'ConfigIssue', status: 'True' },
        ],
      },
    ],
  }),
  manifest: manifest({
    template: {
      spec: { initContainers: [{ name: 'before', image: 'a' }], containers: [{ name: 'main', image: 'a' }] },
    },
  }),
  podName: (pod: number) => `pi-${pod}`,
}
const match = { pod: 3, rule: 1, container: null, exitCode: 0, pattern: 1 }

describe('the message of the end of a Job is, byte for byte, that of Kubernetes', () => {
  test.each<[ending: Ending, message: string]>([
    [{ reason: 'CompletionsReached', rule: null }, 'Reached expected number of succeeded pods'],
    [{ reason: 'SuccessPolicy', rule: 2 }, 'Matched rules at index 2'],
    [{ reason: 'BackoffLimitExceeded', match: null }, 'Job has reached the specified backoff limit'],
    [{ reason: 'DeadlineExceeded', match: null }, 'Job was active longer than specified deadline'],
    [
      { reason: 'MaxFailedIndexesExceeded', match: null },
      'Job has exceeded the specified maximal number of failed indexes',
    ],
    [{ reason: 'FailedIndexes', match: null }, 'Job has failed indexes'],
    [
      { reason: 'PodFailurePolicy', match: { ...match, container: 1, exitCode: 42 } },
      'Container main for pod default/pi-3 failed with exit code 42 matching FailJob rule at index 1',
    ],
    [
      { reason: 'PodFailurePolicy', match: { ...match, container: 0, exitCode: 1 } },
      'Container before for pod default/pi-3 failed with exit code 1 matching FailJob rule at index 1',
    ],
    [
      { reason: 'PodFailurePolicy', match },
      'Pod default/pi-3 has condition ConfigIssue matching FailJob rule at index 1',
    ],
  ])('%j', (ending, message) => expect(outcomeMessage(ending, naming)).toBe(message))

  test('and the end of a Job has it, with its time; before there is none', () => {
    const running = told().sync()
    expect(jobEnd(running.view)).toBeNull()
    expect(jobEnd(running.and(succeeded(0, atSecond(4))).sync(5).view)).toStrictEqual({
      type: 'Complete',
      reason: 'CompletionsReached',
      message: 'Reached expected number of succeeded pods',
      at: atSecond(5),
    })
  })
})
