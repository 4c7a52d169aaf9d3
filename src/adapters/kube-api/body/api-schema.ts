import { type Schema, schema } from '../../../domain/kubernetes/schema.ts'

const object = (kind: string): Schema[string] => ({
  fields: {
    apiVersion: 'string',
    kind: 'string',
    metadata: 'ObjectMeta',
    spec: `${kind}Spec`,
    status: `${kind}Status`,
  },
  required: [],
})

/** The objects of the Job rules, and those that the API alone knows. */
export const apiSchema: Schema = {
  ...schema,
  Namespace: object('Namespace'),
  NamespaceSpec: { fields: { finalizers: '[]string' }, required: [] },
  NamespaceStatus: { fields: { phase: 'string', conditions: 'any' }, required: [] },
  Scale: object('Scale'),
  ScaleSpec: { fields: { replicas: 'int32' }, required: [] },
  ScaleStatus: { fields: { replicas: 'int32', selector: 'string' }, required: [] },
  DeleteOptions: {
    fields: {
      apiVersion: 'string',
      kind: 'string',
      gracePeriodSeconds: 'int64',
      preconditions: 'Preconditions',
      orphanDependents: 'boolean',
      propagationPolicy: 'string',
      dryRun: '[]string',
      ignoreStoreReadErrorWithClusterBreakingPotential: 'boolean',
    },
    required: [],
  },
  Preconditions: { fields: { uid: 'string', resourceVersion: 'string' }, required: [] },
}
