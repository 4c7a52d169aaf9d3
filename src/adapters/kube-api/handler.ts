import type { Entropy } from '../../application/ports/entropy.ts'
import { E } from '../../prelude.ts'
import { type ApiAnswer, type ApiRequest, noSuchPage, statusAnswer } from './answer.ts'
import type { Call, ServedResources, YamlReader } from './call.ts'
import { discovery } from './discovery.ts'
import { newSnapshots } from './lists/snapshots.ts'
import { notAcceptable } from './negotiation.ts'
import { type Route, routeOf } from './route.ts'
import { methodNotAllowed, pathNotFound, tooLarge } from './status.ts'
import { createObject } from './verbs/create.ts'
import { getObject } from './verbs/get.ts'
import { listObjects } from './verbs/list.ts'
import { removeCollection, removeObject } from './verbs/remove.ts'
import { patchObject } from './verbs/patch.ts'
import { replaceObject } from './verbs/replace.ts'

export type ApiPorts = {
  /** What is served; the API knows no other resources. */
  readonly resources: ServedResources
  readonly entropy: Entropy
  /** Of the last event that the resources show: the version of their lists, 0 at least. */
  readonly position: () => bigint
  /** The value of a document in YAML, or what is wrong with it; absent: bodies in YAML are not taken. */
  readonly readYaml?: YamlReader
}

/** The Kubernetes API, a request in and its answer out. Every refusal is a Status as Kubernetes writes it. */
export const apiHandler = (ports: ApiPorts): ((request: ApiRequest) => Promise<ApiAnswer>) => {
  const snapshots = newSnapshots()
  const pageAt = discovery(ports)
  return async (request) => {
    const page = request.method === 'GET' ? pageAt(request) : null
    if (page !== null) return page
    const route = routeOf(request.path)
    if (E.isLeft(route)) return route.left === 'NoPage' ? noSuchPage : statusAnswer(pathNotFound)
    const { kind } = route.right
    const resource = ports.resources[route.right.resource]
    if (resource === undefined) return statusAnswer(pathNotFound)
    const isCollection = request.method === 'GET' && route.right._tag !== 'Object'
    const refusal = notAcceptable(request.headers['accept'], isCollection)
    if (refusal !== null) return statusAnswer(refusal)
    if (request.body.length > bodyBytesMax) return statusAnswer(tooLarge(bodyBytesMax))
    const namespaces = ports.resources.namespaces
    return answerTo(route.right, {
      kind,
      resource,
      request,
      entropy: ports.entropy,
      position: () => (ports.position() < 0n ? 0n : ports.position()),
      namespaces: namespaces ?? null,
      readYaml: ports.readYaml ?? null,
      snapshots,
    })
  }
}

/** As much as Kubernetes takes. */
const bodyBytesMax = 3 << 20

const answerTo = async (route: Route, call: Call): Promise<ApiAnswer> => {
  const { method } = call.request
  switch (route._tag) {
    case 'Everywhere':
      return method === 'GET' ? listObjects(call, null) : notAllowed
    case 'Collection':
      switch (method) {
        case 'GET':
          return listObjects(call, route.namespace)
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
