import type { Resource } from '../../application/api/resource.ts'
import type { Entropy } from '../../application/ports/entropy.ts'
import { goQuote } from '../../domain/kubernetes/go-quote.ts'
import { E } from '../../prelude.ts'
import { type ApiAnswer, type ApiRequest, noSuchPage, statusAnswer } from './answer.ts'
import type { ResourceName } from './api-kind.ts'
import type { Call, PastAt, ServedActions, ServedResources, YamlReader } from './call.ts'
import { discovery } from './discovery.ts'
import type { Users } from './access/user.ts'
import { type Health, goodHealth, healthAnswer } from './health.ts'
import { newSnapshots } from './lists/snapshots.ts'
import { negotiate } from './negotiation.ts'
import { answerReview } from './reviews/answer-review.ts'
import { type Route, routeOf } from './route.ts'
import {
  badRequest,
  expired,
  methodNotAllowed,
  partNotServed,
  pathNotFound,
  type Status,
  tooLarge,
  unavailable,
} from './status.ts'
import type { Shape } from './tables/present.ts'
import { createObject } from './verbs/create.ts'
import { getObject } from './verbs/get.ts'
import { listObjects } from './verbs/list.ts'
import { removeCollection, removeObject } from './verbs/remove.ts'
import { patchObject } from './verbs/patch.ts'
import { replaceObject } from './verbs/replace.ts'
import { resourceIn, views } from './views.ts'
import type { Watches } from './verbs/start-watch.ts'
import { watchObjects } from './verbs/watch.ts'

export type ApiPorts = {
  /** What is served; the API knows no other resources. */
  readonly resources: ServedResources
  /** What else can be done with objects; absent: nothing. */
  readonly actions?: ServedActions
  readonly entropy: Entropy
  /** Of the last event that the resources show: the version of their lists, 0 at least. */
  readonly position: () => bigint
  /** Epoch milliseconds, from which ages in tables are told. */
  readonly now: () => number
  /** The value of a document in YAML, or what is wrong with it; absent: bodies in YAML are not taken. */
  readonly readYaml?: YamlReader
  /** Absent: of the past is known what pages of lists still need. */
  readonly past?: PastAt
  /** Absent: collections cannot be watched. */
  readonly watches?: Watches
  /** Absent: nobody is known but who asks. */
  readonly users?: Users
  /** Absent: nothing is known that could be wrong. */
  readonly health?: Health
  /** What is counted, as a page; absent: there is no such page. */
  readonly metrics?: () => { readonly type: string; readonly text: string }
}

/** The Kubernetes API, a request in and its answer out. Every refusal is a Status as Kubernetes writes it. */
export const apiHandler = (ports: ApiPorts): ((request: ApiRequest) => Promise<ApiAnswer>) => {
  const snapshots = newSnapshots()
  const pageAt = discovery(ports)
  return async (request) => {
    const page = request.method === 'GET' ? ((await ownPage(ports, request)) ?? pageAt(request)) : null
    if (page !== null) return page
    const review = answerReview(request, ports)
    if (review !== null) return review
    const route = routeOf(request.path)
    if (E.isLeft(route)) return route.left === 'NoPage' ? noSuchPage : statusAnswer(missing(request.path))
    const { kind } = route.right
    const resource = resourceAt(ports.resources, route.right.resource)
    if (resource === undefined) return statusAnswer(pathNotFound)
    const shape = shapeOf(request, route.right)
    if (E.isLeft(shape)) return statusAnswer(shape.left)
    if (request.body.length > bodyBytesMax) return statusAnswer(tooLarge(`limit is ${bodyBytesMax}`))
    const namespaces = ports.resources.namespaces
    const call: Call = {
      kind,
      resource,
      name: route.right.resource,
      shape: shape.right,
      now: ports.now,
      request,
      entropy: ports.entropy,
      position: () => (ports.position() < 0n ? 0n : ports.position()),
      namespaces: namespaces ?? null,
      readYaml: ports.readYaml ?? null,
      snapshots,
      past: pastOf(ports.past, route.right.resource),
    }
    if (route.right._tag === 'Action') return act(route.right, call, ports.actions ?? {})
    return isWatch(request, route.right) ? watch(route.right, call, ports.watches) : answerTo(route.right, call)
  }
}

const missing = (path: string): Status => {
  const [, part] = /^\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+\/(attach|exec|portforward)$/.exec(path) ?? []
  return part === undefined ? pathNotFound : partNotServed(`pods/${part}`)
}

/** A resource, in the form that its name says. */
const resourceAt = (resources: ServedResources, name: ResourceName): Resource | undefined => {
  const view = views[name]
  const resource = resources[view?.of ?? name]
  return resource === undefined || view === undefined ? resource : resourceIn(view, resource)
}

/** What is told of the server itself. */
const ownPage = async ({ health = goodHealth, metrics }: ApiPorts, request: ApiRequest): Promise<ApiAnswer | null> => {
  if (request.path !== '/metrics' || metrics === undefined) return healthAnswer(health, request)
  const { type, text } = metrics()
  return { status: 200, headers: [['Content-Type', type]], body: text }
}

const pastOf =
  (past: PastAt | undefined, name: ResourceName): Call['past'] =>
  async (version) => {
    if (past === undefined) return E.left(expired)
    const resources = await past(version)
    if (resources === null) return E.left(unavailable('the log cannot be read now'))
    const resource = resourceAt(resources, name)
    return resource === undefined ? E.left(expired) : E.right(resource)
  }

/** How the objects of the answer are to be shown. */
const shapeOf = ({ method, headers, query }: ApiRequest, route: Route): E.Either<Status, Shape> => {
  if (route._tag === 'Action') return E.right({ form: 'Object', beside: 'Metadata' })
  const isCollection = route._tag !== 'Object'
  const form = negotiate(headers['accept'], route.kind, {
    isRead: isCollection && method === 'GET',
    isList: isCollection && method !== 'POST' && !isWatch({ method, query }, route),
  })
  if (E.isLeft(form)) return form
  const beside = query.get('includeObject') || 'Metadata'
  if (beside === 'Metadata' || beside === 'Object' || beside === 'None') return E.right({ form: form.right, beside })
  return form.right === 'Table'
    ? E.left(
        badRequest(
          `Unable to convert to Table as requested: includeObject: Invalid value: ${goQuote(beside)}: must be 'Metadata', 'Object', 'None', or empty`,
        ),
      )
    : E.right({ form: form.right, beside: 'Metadata' })
}

/** One object is got, not watched. */
const isWatch = ({ method, query }: Pick<ApiRequest, 'method' | 'query'>, { _tag }: Route): boolean =>
  method === 'GET' &&
  (_tag === 'Collection' || _tag === 'Everywhere') &&
  ['1', 'true'].includes(query.get('watch') ?? '')

const watch = (route: Route, call: Call, watches: Watches | undefined): ApiAnswer =>
  watches === undefined
    ? statusAnswer(badRequest('watches are not served'))
    : watchObjects(call, route._tag === 'Collection' && call.kind.isNamespaced ? route.namespace : null, watches)

/** As much as Kubernetes takes. */
const bodyBytesMax = 3 << 20

const act = (
  { namespace, name, action, kind }: Extract<Route, { readonly _tag: 'Action' }>,
  call: Call,
  actions: ServedActions,
): ApiAnswer | Promise<ApiAnswer> => {
  const answer = actions[`${kind.plural}/${action.name}`]
  if (answer === undefined) return statusAnswer(pathNotFound)
  return verbs.get(call.request.method) === action.verb ? answer(call, { namespace, name, action }) : notAllowed
}

const verbs = new Map([
  ['GET', 'get'],
  ['POST', 'create'],
  ['PUT', 'update'],
])

const answerTo = async (route: Exclude<Route, { readonly _tag: 'Action' }>, call: Call): Promise<ApiAnswer> => {
  const { method } = call.request
  switch (route._tag) {
    case 'Everywhere':
      return method === 'GET' ? listObjects(call, null) : notAllowed
    case 'Collection':
      switch (method) {
        case 'GET':
          return listObjects(call, call.kind.isNamespaced ? route.namespace : null)
        case 'POST':
          return call.resource.create === undefined
            ? notAllowed
            : createObject(call, call.resource.create, route.namespace)
        case 'DELETE':
          return call.resource.remove === undefined || !call.kind.deletesCollections
            ? notAllowed
            : removeCollection(call, call.resource.remove, route.namespace)
        default:
          return notAllowed
      }
    case 'Object':
      switch (method) {
        case 'GET':
          return getObject(call, route)
        case 'PUT':
          return call.resource.change === undefined ? notAllowed : replaceObject(call, call.resource.change, route)
        case 'PATCH':
          return call.resource.change === undefined ? notAllowed : patchObject(call, call.resource.change, route)
        case 'DELETE':
          return call.resource.remove === undefined || route.part !== 'main'
            ? notAllowed
            : removeObject(call, call.resource.remove, route)
        default:
          return notAllowed
      }
  }
}

const notAllowed = statusAnswer(methodNotAllowed)
