import type { Attempt } from './may-do.ts'

/** What a request wants to do, told from its address alone, whether there is such a resource or not. */
export const attemptOf = (method: string, path: string, query: URLSearchParams): Attempt => {
  const [root, ...behind] = segmentsOf(path)
  const [group, parts] = root === 'api' ? ['', behind.slice(1)] : [behind[0] ?? '', behind.slice(2)]
  const [first = ''] = parts
  if ((root !== 'api' && root !== 'apis') || first === '')
    return { _tag: 'OnPath', verb: (method === 'HEAD' ? 'GET' : method).toLowerCase(), path }
  const [, namespace = '', inside] = first === 'namespaces' ? parts : []
  const isInNamespace = inside !== undefined && !ofNamespaces.includes(inside)
  const [resource = '', name = '', subresource = ''] = isInNamespace ? parts.slice(2) : parts
  return {
    _tag: 'OnResource',
    verb: verbOf(method, name !== '', ['1', 'true'].includes(query.get('watch') ?? '')),
    group,
    resource,
    subresource,
    namespace,
    name,
  }
}

/** What stands behind the name of a namespace and is a part of it, not a resource in it. */
const ofNamespaces = ['status', 'finalize']

const segmentsOf = (path: string): ReadonlyArray<string> => {
  try {
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent)
  } catch {
    return []
  }
}

const verbOf = (method: string, isOfOne: boolean, isWatch: boolean): string => {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return isWatch ? 'watch' : isOfOne ? 'get' : 'list'
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'DELETE':
      return isOfOne ? 'delete' : 'deletecollection'
    default:
      return method.toLowerCase()
  }
}
