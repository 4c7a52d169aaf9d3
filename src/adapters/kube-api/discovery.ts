import type { Resource } from '../../application/api/resource.ts'
import type { Entropy } from '../../application/ports/entropy.ts'
import { type ApiAnswer, type ApiRequest, jsonAnswer } from './answer.ts'
import { type Action, type ApiKind, apiKinds, groupVersion, type ResourceName } from './api-kind.ts'
import type { ServedActions, ServedResources } from './call.ts'
import { healthPaths } from './health.ts'
import { openApi } from './openapi/openapi.ts'
import { type ReviewKind, reviewGroups, reviewKinds } from './reviews/review-kinds.ts'
import { scaleKind } from './scale.ts'
import { views } from './views.ts'

/**
 * What clients read before they ask for objects: groups, versions, resources with what can be done to them, and how the server is.
 * Only what is served is told. Null for any other path.
 */
export const discovery = (ports: {
  readonly resources: ServedResources
  readonly actions?: ServedActions
  readonly entropy: Entropy
  readonly watches?: unknown
}) => {
  const served = (Object.keys(apiKinds) as ReadonlyArray<ResourceName>).flatMap((name): ReadonlyArray<Served> => {
    const resource = ports.resources[views[name]?.of ?? name]
    const kind: ApiKind = apiKinds[name]
    const isServed = (action: Action): boolean => ports.actions?.[`${kind.plural}/${action.name}`] !== undefined
    const actions = (kind.actions ?? []).filter(isServed)
    return resource === undefined ? [] : [{ kind, resource, actions, isWatched: ports.watches !== undefined }]
  })
  const listed = served.filter(({ kind }) => kind.isUnlisted !== true)
  const pages = legacyPages(served, listed)
  const pagesForOld = legacyPages(served, served)
  const aggregated = new Map([
    ['/api', aggregatedPage(listed, [''], ports.entropy)],
    ['/apis', aggregatedPage(listed, groupsOf(listed), ports.entropy)],
  ])

  const documents = openApi(
    served.map(({ kind }) => kind),
    reviewKinds,
    ports.entropy,
  )

  return (request: ApiRequest): ApiAnswer | null => {
    const { path, headers } = request
    const place = path.length > 1 ? path.replace(/\/$/, '') : path
    const wanted = aggregated.get(place)
    if (wanted !== undefined && asksForAggregated(headers['accept'] ?? ''))
      return headers['if-none-match'] === wanted.tag ? { ...wanted.answer, status: 304, body: '' } : wanted.answer
    const page = (isOldKubectl(headers['user-agent'] ?? '') ? pagesForOld : pages).get(place)
    return page === undefined ? documents(request) : withVary(jsonAnswer(200, page))
  }
}

type Served = {
  readonly kind: ApiKind
  readonly resource: Resource
  readonly actions: ReadonlyArray<Action>
  readonly isWatched: boolean
}

const groupsOf = (served: ReadonlyArray<Served>): ReadonlyArray<string> =>
  [...new Set(served.map(({ kind }) => kind.group)), ...reviewGroups].filter((group) => group !== '')

/** Kubectl up to 1.20 has CronJobs of batch/v1beta1 alone, and finds them only where that version is listed. */
const isOldKubectl = (userAgent: string): boolean => {
  const [, minor] = /^kubectl\S{0,20}\/v1\.(\d{1,3})\./.exec(userAgent) ?? []
  return minor !== undefined && Number(minor) <= 20
}

/** As older clients read it, a document for each step. Versions of a group are those of what is listed. */
const legacyPages = (served: ReadonlyArray<Served>, listed: ReadonlyArray<Served>): ReadonlyMap<string, unknown> => {
  const groups = groupsOf(served)
  const groupOf = (group: string) => {
    const versions = ['v1', ...listed.flatMap(({ kind }) => (kind.group === group ? kind.version : []))]
    const places = [...new Set(versions)].map((version) => ({
      groupVersion: groupVersion({ group, version }),
      version,
    }))
    return { name: group, versions: places, preferredVersion: places[0] }
  }
  const pages = new Map<string, unknown>([
    ['/version', version],
    ['/api', { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }],
    ['/apis', { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupOf) }],
    ['/api/v1', { kind: 'APIResourceList', groupVersion: 'v1', resources: resourcesOf(served, 'v1') }],
  ])
  for (const group of groups) {
    pages.set(`/apis/${group}`, { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) })
  }
  for (const place of new Set([...served.map(({ kind }) => kind), ...reviewKinds].map(groupVersion)))
    if (place !== 'v1')
      pages.set(`/apis/${place}`, {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: place,
        resources: resourcesOf(served, place),
      })
  return pages.set('/', { paths: [...pages.keys(), ...healthPaths, '/metrics'].toSorted() })
}

/** `place`: a group and a version of it. */
const resourcesOf = (served: ReadonlyArray<Served>, place: string): ReadonlyArray<unknown> => [
  ...reviewsAt(place).map(({ plural, kind }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced: false,
    kind,
    verbs: ['create'],
  })),
  ...servedAt(served, place).flatMap((one) => [
    {
      name: one.kind.plural,
      singularName: one.kind.kind.toLowerCase(),
      namespaced: one.kind.isNamespaced,
      kind: one.kind.kind,
      verbs: verbsOf(one),
      ...names(one.kind),
    },
    ...subresourcesOf(one).map(({ name, body, verbs }) => ({
      name: `${one.kind.plural}/${name}`,
      singularName: '',
      namespaced: one.kind.isNamespaced,
      ...(body.group === one.kind.group ? { kind: body.kind } : body),
      verbs,
    })),
  ]),
]

const reviewsAt = (place: string): ReadonlyArray<ReviewKind> =>
  reviewKinds.filter((review) => groupVersion(review) === place)

const servedAt = (served: ReadonlyArray<Served>, place: string): ReadonlyArray<Served> =>
  served.filter(({ kind }) => groupVersion(kind) === place)

/** Empty lists are left out. */
const names = ({ shortNames, categories }: ApiKind) => ({
  ...(shortNames.length === 0 ? {} : { shortNames }),
  ...(categories.length === 0 ? {} : { categories }),
})

const verbsOf = ({
  kind: { deletesCollections },
  resource: { create, change, remove },
  isWatched,
}: Served): ReadonlyArray<string> => [
  ...(create === undefined ? [] : ['create']),
  ...(remove === undefined ? [] : ['delete']),
  ...(remove === undefined || !deletesCollections ? [] : ['deletecollection']),
  ...['get', 'list'],
  ...(change === undefined ? [] : ['patch', 'update']),
  ...(isWatched ? ['watch'] : []),
]

type Subresource = { readonly name: string; readonly body: Action['body']; readonly verbs: ReadonlyArray<string> }

const subresourcesOf = ({ kind, resource, actions }: Served): ReadonlyArray<Subresource> => [
  ...(resource.change === undefined ? [] : kind.subresources).map((name) => ({
    name,
    body: name === 'scale' ? scaleKind : { group: kind.group, version: kind.version, kind: kind.kind },
    verbs: ['get', 'patch', 'update'],
  })),
  ...actions.map(({ name, body, verb }) => ({ name, body, verbs: [verb] })),
]

/** As newer clients read it, all at once, and only when it has changed. */
const aggregatedPage = (served: ReadonlyArray<Served>, groups: ReadonlyArray<string>, { digest }: Entropy) => {
  const answer = jsonAnswer(200, {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({
      metadata: group === '' ? {} : { name: group },
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: [
            ...reviewsAt(groupVersion({ group, version: 'v1' })).map(aggregatedReview),
            ...servedAt(served, groupVersion({ group, version: 'v1' })).map(aggregatedResource),
          ],
        },
      ],
    })),
  })
  const tag = `"${digest(answer.body).toUpperCase()}"`
  const headers: ApiAnswer['headers'] = [
    ['Content-Type', aggregatedType],
    ['Cache-Control', 'public'],
    ['ETag', tag],
    ['Vary', 'Accept'],
  ]
  return { tag, answer: { ...answer, headers } }
}

const aggregatedResource = (served: Served) => {
  const { kind } = served
  return {
    resource: kind.plural,
    responseKind: { group: '', version: '', kind: kind.kind },
    scope: kind.isNamespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.kind.toLowerCase(),
    verbs: verbsOf(served),
    ...names(kind),
    subresources: subresourcesOf(served).map(({ name, body, verbs }) => ({
      subresource: name,
      responseKind: body.group === kind.group ? { group: '', version: '', kind: body.kind } : body,
      verbs,
    })),
  }
}

const aggregatedReview = ({ plural, kind }: ReviewKind) => ({
  resource: plural,
  responseKind: { group: '', version: '', kind },
  scope: 'Cluster',
  singularResource: kind.toLowerCase(),
  verbs: ['create'],
})

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** The first clause that can be served counts. */
const asksForAggregated = (accept: string): boolean => {
  for (const clause of accept.split(',')) {
    const parameters = clause.split(';').map((part) => part.trim())
    if (parameters[0] !== 'application/json' && parameters[0] !== '*/*') continue
    if (!parameters.some((part) => part.startsWith('as='))) return false
    if (['g=apidiscovery.k8s.io', 'v=v2', 'as=APIGroupDiscoveryList'].every((part) => parameters.includes(part)))
      return true
  }
  return false
}

const withVary = (answer: ApiAnswer): ApiAnswer => ({ ...answer, headers: [...answer.headers, ['Vary', 'Accept']] })

export const gitVersion = 'v1.36.3+jobledger'

/** The release whose behaviour is shown: clients choose by it what they may ask for. */
const version = {
  major: '1',
  minor: '36',
  gitVersion,
  gitCommit: '0'.repeat(40),
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'linux/amd64',
}
