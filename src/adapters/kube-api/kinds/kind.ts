/** One kind of object with the addresses under which the API serves it. */
export type ApiKind = {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly isNamespaced: boolean
  /** Parts of the object, which can be read and changed alone. */
  readonly subresources: ReadonlyArray<'status' | 'scale'>
  /** What else can be done under the address of an object: each with its only verb, and the kind of its body. */
  readonly actions?: ReadonlyArray<Action>
  /** Served to old clients that know to ask for it; those who ask what is there are not told. */
  readonly isUnlisted?: boolean
  /** What clients may call it for short, and the groups of resources to which it belongs. */
  readonly shortNames: ReadonlyArray<string>
  readonly categories: ReadonlyArray<string>
  /** What is wrong with its objects is told as if they were of the core group. */
  readonly isInvalidAsCore?: boolean
  /** A PUT to a name that is not there creates the object. */
  readonly createsOnUpdate?: boolean
  /** Whether a whole collection of a namespace can be deleted. */
  readonly deletesCollections: boolean
  /** The answer to a deletion that is done: the object as it last was, or that it succeeded. */
  readonly deletionAnswers: 'object' | 'success'
  /** What is told to those who delete without saying what becomes of the dependents. */
  readonly deletionWarning?: string
  /** Selectable fields besides name and namespace, each with the value of an object that lacks it. */
  readonly selectable: Readonly<Record<string, { readonly path: ReadonlyArray<string>; readonly absent: string }>>
  /** How the API says that it does not know a field by which somebody selects. */
  readonly fieldRefusal: (field: string) => string
}

export type Action = {
  readonly name: string
  readonly verb: 'get' | 'create' | 'update'
  readonly body: { readonly group: string; readonly version: string; readonly kind: string }
}

/** `v1`, `batch/v1`. */
export const groupVersion = ({ group, version }: Pick<ApiKind, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`

/** `pods`, `jobs.batch`. */
export const qualifiedPlural = ({ group, plural }: Pick<ApiKind, 'group' | 'plural'>): string =>
  group === '' ? plural : `${plural}.${group}`

/** `Pod`, `Job.batch`. */
export const qualifiedKind = ({ group, kind }: Pick<ApiKind, 'group' | 'kind'>): string =>
  group === '' ? kind : `${kind}.${group}`

/** A selectable field by its path, and how it reads where it is missing. */
export const atPath = (path: string, absent = ''): ApiKind['selectable'][string] => ({ path: path.split('.'), absent })

/** Of a kind that is selected by nothing but its name. */
export const onlyItsName = (field: string): string =>
  `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`

export const batch = {
  group: 'batch',
  version: 'v1',
  isNamespaced: true,
  deletesCollections: true,
  deletionAnswers: 'success',
} as const
export const core = {
  group: '',
  version: 'v1',
  fieldRefusal: (field: string) => `field label not supported: ${field}`,
} as const
