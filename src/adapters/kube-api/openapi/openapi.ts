import type { Entropy } from '../../../application/ports/entropy.ts'
import { type ApiAnswer, type ApiRequest, noSuchPage } from '../answer.ts'
import type { ApiKind } from '../api-kind.ts'
import { scaleKind } from '../scale.ts'
import { pathsOf, placeOf } from './paths.ts'
import { type Document2, protobufDocument } from './protobuf-document.ts'
import { type KindName, schemasOf } from './schemas.ts'

/**
 * The kinds that are served, for clients that check what they send or explain it: OpenAPI 3 by group, and all in one of version 2 for
 * older ones. `posted`: kinds that are only ever sent. Null for any other path. Each document is made when it is first asked for.
 */
export const openApi = (kinds: ReadonlyArray<ApiKind>, posted: ReadonlyArray<KindName>, { digest }: Entropy) => {
  const places = [...new Set([...kinds, ...posted].map(placeOf))]
  const pages = new Map<string, Page>()
  const pageAt = (path: string, make: () => string): Page => {
    const known = pages.get(path)
    if (known !== undefined) return known
    const body = make()
    const page = { body, hash: digest(body).toUpperCase() }
    pages.set(path, page)
    return page
  }
  const groupPage = (place: string): Page => pageAt(place, () => JSON.stringify(documentOf(kinds, posted, place)))
  const linkTo = (place: string): string => `/openapi/v3/${place}?hash=${groupPage(place).hash}`
  const index = (): Page =>
    pageAt('v3', () =>
      JSON.stringify({
        paths: Object.fromEntries(places.map((place) => [place, { serverRelativeURL: linkTo(place) }])),
      }),
    )
  const allInOne = (): Page => pageAt('v2', () => JSON.stringify(documentOf2(kinds, posted)))
  let inProtobuf: Uint8Array | null = null

  return (request: ApiRequest): ApiAnswer | null => {
    const { path, query, headers } = request
    if (path === '/openapi/v3') return pageAnswer(request, index())
    if (path === '/openapi/v2') {
      const page = allInOne()
      if (!/proto-openapi/.test(headers['accept'] ?? '')) return pageAnswer(request, page)
      inProtobuf ??= protobufDocument(documentOf2(kinds, posted))
      return pageAnswer(request, page, { type: 'application/octet-stream', bytes: inProtobuf })
    }
    if (!path.startsWith('/openapi/v3/')) return null
    const place = path.slice('/openapi/v3/'.length)
    if (!places.includes(place)) return noSuchPage
    const hash = query.get('hash')
    const page = groupPage(place)
    if (hash !== null && hash !== page.hash) return { status: 301, headers: [['Location', linkTo(place)]], body: '' }
    return pageAnswer(request, page, hash === null ? {} : { cached: 'public, immutable' })
  }
}

type Page = { readonly body: string; readonly hash: string }

/** 304 for whoever has it already. What is asked for by its hash never changes. */
const pageAnswer = (
  { headers }: ApiRequest,
  { body, hash }: Page,
  { type = 'application/json', bytes, cached }: { type?: string; bytes?: Uint8Array; cached?: string } = {},
): ApiAnswer => {
  const tag = `"${hash}"`
  const isKnown = (headers['if-none-match'] ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === tag)
  return {
    status: isKnown ? 304 : 200,
    headers: [
      ['Content-Type', type],
      ['Cache-Control', cached ?? 'no-cache, private'],
      ['ETag', tag],
      ['Vary', 'Accept'],
    ],
    body: isKnown || bytes !== undefined ? '' : body,
    ...(isKnown || bytes === undefined ? {} : { bytes }),
  }
}

const info = { title: 'Kubernetes', version: 'v1.36.3' }

const documentOf = (kinds: ReadonlyArray<ApiKind>, posted: ReadonlyArray<KindName>, place: string) => {
  const isHere = (kind: KindName): boolean => placeOf(kind) === place
  const here = kinds.filter(isHere)
  return {
    openapi: '3.0.0',
    info,
    paths: pathsOf(here),
    components: { schemas: schemasOf([...here, ...bodiesOf(here), ...posted.filter(isHere)], 3) },
  }
}

const documentOf2 = (kinds: ReadonlyArray<ApiKind>, posted: ReadonlyArray<KindName>): Document2 => ({
  swagger: '2.0',
  info,
  paths: pathsOf(kinds),
  definitions: schemasOf([...kinds, ...bodiesOf(kinds), ...posted], 2),
})

/** What is sent to the addresses of kinds besides their objects. */
const bodiesOf = (kinds: ReadonlyArray<ApiKind>): ReadonlyArray<KindName> => [
  deleteOptions,
  ...kinds.flatMap(
    ({ subresources, actions = [] }): ReadonlyArray<KindName> => [
      ...(subresources.includes('scale') ? [scaleKind] : []),
      ...actions.filter(({ verb }) => verb !== 'get').map(({ body }) => body),
    ],
  ),
]

const deleteOptions: KindName = { group: '', version: 'v1', kind: 'DeleteOptions' }
