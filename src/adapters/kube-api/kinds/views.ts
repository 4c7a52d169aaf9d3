import { type ApiKind, atPath, batch, core, onlyItsName } from './kind.ts'

/** Kinds under another address or in another form: how they are made of what is kept is in `views.ts`. */
export const viewKinds = {
  'cronjobs.v1beta1': {
    ...batch,
    version: 'v1beta1',
    kind: 'CronJob',
    plural: 'cronjobs',
    shortNames: ['cj'],
    categories: ['all'],
    subresources: ['status'],
    isUnlisted: true,
    selectable: {},
    fieldRefusal: onlyItsName,
  },
  'events.events.k8s.io': {
    ...core,
    group: 'events.k8s.io',
    isInvalidAsCore: true,
    createsOnUpdate: true,
    kind: 'Event',
    plural: 'events',
    shortNames: ['ev'],
    categories: [],
    isNamespaced: true,
    subresources: [],
    deletesCollections: true,
    deletionAnswers: 'success',
    selectable: {
      'regarding.kind': atPath('regarding.kind'),
      'regarding.namespace': atPath('regarding.namespace'),
      'regarding.name': atPath('regarding.name'),
      'regarding.uid': atPath('regarding.uid'),
      'regarding.apiVersion': atPath('regarding.apiVersion'),
      'regarding.resourceVersion': atPath('regarding.resourceVersion'),
      'regarding.fieldPath': atPath('regarding.fieldPath'),
      reason: atPath('reason'),
      reportingController: atPath('reportingController'),
      type: atPath('type'),
    },
  },
} as const satisfies Readonly<Record<string, ApiKind>>
