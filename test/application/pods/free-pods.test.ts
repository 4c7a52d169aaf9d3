import { expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { jobWriter } from '../../../src/application/jobs/job-writer.ts'
import { newLedger } from '../../../src/application/log/ledger.ts'
import { freePodWriter } from '../../../src/application/pods/free-pod-writer.ts'
import { startFreePods } from '../../../src/application/pods/free-pods.ts'
import { beginning } from '../../../src/application/ports/event-store.ts'
import { E } from '../../../src/prelude.ts'
import { right } from '../../support/event-stores.ts'
import { manifest } from '../../support/manifests.ts'
import { virtualClock } from '../../support/virtual-clock.ts'
import { countingEntropy, user } from '../../support/world.ts'

test('a Pod that a Job has taken and let go meanwhile comes back from there, whoever else was about to give it', async () => {
  const store = inMemoryEventStore()
  const clock = virtualClock(Date.UTC(2026, 0, 1))
  const ports = { store, clock, entropy: countingEntropy() }
  const ledger = newLedger()
  store.subscribeAll(beginning).subscribe((events) => void ledger.apply(events))
  const [jobs, pods] = [jobWriter(ports), freePodWriter(ports)]
  const labels = { app: 'web' }
  const spec = { manualSelector: true, selector: { matchLabels: labels }, parallelism: 0 }
  const terms = { podBackoffBaseMs: 0, podsRunElsewhere: true }
  const create = { type: 'CreateJob', uid: 'job', manifest: manifest(spec), ...terms } as const
  await right(jobs.handle('job', create, { actor: user }))

  const gone = { isSelected: false, hasNode: false, hasFinalizers: false, isTracked: false, isOwned: false }
  const lost = { type: 'ChangePod', pod: 0, patch: { metadata: { labels: null } }, ...gone } as const
  const freePods = startFreePods({
    ledger,
    podWriter: pods,
    clock,
    windowMs: 0,
    heal: async () => {},
    onFatal: (reason) => expect.unreachable(reason),
    jobWriter: {
      ...jobs,
      handle: (uid, command, because) => async () => {
        await right(jobs.handle(uid, command, because))
        if (command.type === 'AdoptPod') await right(jobs.handle(uid, lost, { actor: user }))
        return E.left({ _tag: 'JobAdoptsNoPods' })
      },
    },
  })
  freePods.start()
  const creationTimestamp = '2026-01-01T00:00:00Z'
  const metadata = { uid: 'pod', name: 'by-hand', namespace: 'default', labels, creationTimestamp }
  const form = { metadata, spec: { containers: [{ name: 'main', image: 'x' }] }, status: { phase: 'Running' } }
  const nothing = { hasNode: false, hasEnded: false, hasFinalizers: false, gracePeriodSeconds: 30, deletion: null }
  const own = { uid: 'pod', name: 'by-hand', namespace: 'default', from: null, form, ...nothing }
  await right(pods.handle('pod', { type: 'ReceivePod', ...own }, { actor: user }))
  for (let turns = 0; turns < 20; turns += 1) await clock.pass(0)

  const stream = await right(store.readStream('pod-pod', 0, 100))
  const told = stream.map(({ type, data }) => [type, JSON.parse(data).from?.job])
  expect(told).toStrictEqual([
    ['FreePodFormRecorded', undefined],
    ['FreePodReceived', undefined],
    ['FreePodGivenAway', undefined],
    ['FreePodFormRecorded', undefined],
    ['FreePodReceived', 'job'],
  ])
  freePods.close()
})
