import { type ApiKind, core, onlyItsName } from './kind.ts'

const ofNamespace = {
  ...core,
  categories: [],
  isNamespaced: true,
  subresources: [],
  deletesCollections: true,
  deletionAnswers: 'success',
  selectable: {},
} as const

/** The kinds of objects that are only kept. */
export const storedApiKinds = {
  configmaps: {
    ...ofNamespace,
    kind: 'ConfigMap',
    plural: 'configmaps',
    shortNames: ['cm'],
    fieldRefusal: onlyItsName,
  },
} as const satisfies Readonly<Record<string, ApiKind>>
