import { storedKinds } from '../../domain/kubernetes/stored-kinds/stored-kinds.ts'
import type { Application } from '../start-application.ts'
import { allEvents } from './all-events.ts'
import { cronJobsResource } from './cron-jobs.ts'
import { emptyResources } from './empty-resource.ts'
import type { EventsResource } from './events.ts'
import { namespacesResource } from './namespaces.ts'
import { podsResource } from './pods.ts'
import { storedObjectsResource } from './stored-objects.ts'

/** What the API serves of an application, by resource. `told`: the Events of the log, which are made before it is read. */
export const apiResources = (
  { store, ledger, clock, entropy, ...app }: Application,
  told: Pick<EventsResource, 'get' | 'list'>,
) => {
  const shared = { ledger, clock, entropy }
  const kept = { ...shared, writer: app.objectWriter, vault: app.vault }
  return {
    jobs: app.jobs,
    pods: podsResource({ ...shared, writer: app.writer, podWriter: app.podWriter }),
    cronjobs: cronJobsResource({ ...shared, writer: app.cronWriter, service: app.cronService }),
    namespaces: namespacesResource({ ...shared, store }),
    events: allEvents({
      ledger,
      told,
      writer: app.objectWriter,
      written: storedObjectsResource(kept, storedKinds.events),
    }),
    ...emptyResources,
    configmaps: storedObjectsResource(kept, storedKinds.configmaps),
    leases: storedObjectsResource(kept, storedKinds.leases),
    nodes: app.nodes,
    secrets: storedObjectsResource(kept, storedKinds.secrets),
    serviceaccounts: storedObjectsResource(kept, storedKinds.serviceaccounts),
    services: storedObjectsResource(kept, storedKinds.services),
  }
}
