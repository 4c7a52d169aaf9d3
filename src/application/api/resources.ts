import { storedKinds } from '../../domain/kubernetes/stored-kinds/stored-kinds.ts'
import type { Application } from '../start-application.ts'
import { cronJobsResource } from './cron-jobs.ts'
import { emptyResources } from './empty-resource.ts'
import { namespacesResource } from './namespaces.ts'
import { podsResource } from './pods.ts'
import { storedObjectsResource } from './stored-objects.ts'

/** What the API serves of an application, by resource; Events are made before the log is read, and come beside it. */
export const apiResources = ({ store, ledger, clock, entropy, ...app }: Application) => {
  const shared = { ledger, clock, entropy }
  const kept = { ...shared, writer: app.objectWriter }
  return {
    jobs: app.jobs,
    pods: podsResource({ ...shared, writer: app.writer, podWriter: app.podWriter }),
    cronjobs: cronJobsResource({ ...shared, writer: app.cronWriter, service: app.cronService }),
    namespaces: namespacesResource({ ...shared, store }),
    ...emptyResources,
    configmaps: storedObjectsResource(kept, storedKinds.configmaps),
    leases: storedObjectsResource(kept, storedKinds.leases),
    nodes: storedObjectsResource(kept, storedKinds.nodes),
    serviceaccounts: storedObjectsResource(kept, storedKinds.serviceaccounts),
    services: storedObjectsResource(kept, storedKinds.services),
  }
}
