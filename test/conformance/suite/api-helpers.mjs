// What API scenarios need beyond playing user and kubelet: requests with any header and body, whole answers
// recorded with what differs from run to run normalised away, and watches.

export const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io'
export const asMetadata = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'
export const asMetadataList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
export const jsonPatch = 'application/json-patch+json'
export const mergePatch = 'application/merge-patch+json'
export const strategicPatch = 'application/strategic-merge-patch+json'
export const applyPatch = 'application/apply-patch+yaml'
export const protobuf = 'application/vnd.kubernetes.protobuf'

export const namesOf = (list) => list.items?.map((item) => item.metadata.name) ?? list
export const withoutStatus = ({ status, ...object }) => (object.kind === 'Status' ? { status, ...object } : object)

/** A Job that no controller touches, so that only the scenario changes it. */
export const still = (spec = {}) => ({ managedBy: 'example.com/nobody', ...spec })

export class ApiClient {
  constructor(scenario) {
    this.scenario = scenario
  }

  path(path) {
    return path.replaceAll('$NS', this.scenario.namespace)
  }

  /** Sends one request; a string or bytes as a body go out as they are, anything else as JSON. */
  async call(
    method,
    path,
    { body, accept = 'application/json', type = 'application/json', token = this.scenario.token } = {},
  ) {
    const response = await this.scenario.fetch(this.scenario.server + this.path(path), {
      method,
      signal: AbortSignal.timeout(60_000),
      headers: {
        ...(accept ? { accept } : {}),
        ...(body === undefined || !type ? {} : { 'content-type': type }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: this.encoded(body),
    })
    const text = await response.text()
    return { code: response.status, headers: response.headers, body: parsed(text) }
  }

  encoded(body) {
    if (typeof body === 'string') return this.path(body)
    return body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body)
  }

  /**
   * Sends one request and records its whole answer, or the `view` of a successful body. `reasonOnly` leaves out a
   * message that only one implementation can word, `refusalOnly` also the code that only one would choose.
   */
  async ask(label, method, path, { view, reasonOnly, refusalOnly, anyContentType, managedFields, ...request } = {}) {
    const { code, headers, body } = await this.call(method, path, request)
    const refused = body?.kind === 'Status' && body.status === 'Failure'
    if (refusalOnly) this.record(label, { refused })
    else {
      const shown =
        refused && reasonOnly ? { reason: body.reason, code: body.code } : view && !refused ? viewed(body, view) : body
      this.record(label, {
        code,
        contentType: anyContentType ? undefined : mediaType(headers.get('content-type')),
        warning: headers.get('warning') ?? undefined,
        retryAfter: headers.get('retry-after') ?? undefined,
        body: this.normalised(shown, { managedFields }),
      })
    }
    return body
  }

  record(label, observation) {
    this.scenario.observations.push({ label, ...observation })
  }

  normalised(value, options) {
    return normalise(value, { namespace: this.scenario.namespace, ...options })
  }

  /** Opens a watch, whose headers must come at once, and collects its events in the background until it is closed. */
  async watch(path, { accept = 'application/json' } = {}) {
    const controller = new AbortController()
    const impatience = setTimeout(() => controller.abort(new Error(`no headers of ${path} within 10 s`)), 10_000)
    const response = await this.scenario.fetch(this.scenario.server + this.path(path), {
      signal: controller.signal,
      headers: { accept, ...(this.scenario.token ? { authorization: `Bearer ${this.scenario.token}` } : {}) },
    })
    clearTimeout(impatience)
    return new Watch(response, controller)
  }

  /** Records the first `count` events that a watch delivers while `act` runs, then closes it; `bookmarks` asks for the one that ends the initial events. */
  async recordWatch(
    label,
    path,
    { accept, act = async () => {}, count = 0, bookmarks = false, view = eventView, seconds = 20 } = {},
  ) {
    const watch = await this.watch(path, { accept })
    try {
      await act()
      const wanted = (event) => event.type !== 'BOOKMARK' || (bookmarks && endsInitialEvents(event))
      await watch.atLeast(count, seconds, wanted)
      const events = watch.events.filter(wanted).slice(0, count)
      this.record(label, {
        code: watch.code,
        contentType: watch.contentType,
        events: this.normalised(events.map(view)),
      })
      return events
    } finally {
      watch.close()
    }
  }
}

const endsInitialEvents = ({ object }) =>
  [object, object.rows?.[0]?.object].some((o) => o?.metadata?.annotations?.['k8s.io/initial-events-end'] === 'true')

export const bookmarkView = ({
  type,
  object: {
    kind,
    apiVersion,
    metadata: { creationTimestamp, ...metadata },
  },
}) => ({ type, kind, apiVersion, metadata })
export const eventView = ({ type, object }) => ({
  type,
  ...(object.kind === 'Status' ? { object } : { kind: object.kind, name: object.metadata?.name }),
})

class Watch {
  constructor(response, controller) {
    this.code = response.status
    this.contentType = mediaType(response.headers.get('content-type'))
    this.controller = controller
    this.events = []
    this.ended = false
    this.reading = this.read(response)
      .catch(() => {})
      .finally(() => {
        this.ended = true
      })
  }

  async read(response) {
    const decoder = new TextDecoder()
    let pending = ''
    for await (const chunk of response.body) {
      const lines = (pending + decoder.decode(chunk, { stream: true })).split('\n')
      pending = lines.pop()
      for (const line of lines.filter(Boolean)) this.events.push(JSON.parse(line))
    }
    if (pending.trim()) this.events.push(JSON.parse(pending))
  }

  async atLeast(count, seconds, where = () => true) {
    const deadline = Date.now() + seconds * 1000
    while (this.events.filter(where).length < count && !this.ended) {
      if (Date.now() > deadline)
        throw new Error(
          `waited ${seconds} s for ${count} watch events, saw ${JSON.stringify(this.events.map((e) => e.type))}`,
        )
      await new Promise((done) => setTimeout(done, 50))
    }
  }

  /** Waits until the server ends the stream; answers whether it did in time. */
  async end(seconds) {
    await Promise.race([this.reading, new Promise((done) => setTimeout(done, seconds * 1000))])
    return this.ended
  }

  close() {
    this.controller.abort()
  }
}

const ageColumns = ['Age', 'Last Schedule', 'Last Seen', 'First Seen']
const setByTheServer = /\b20(2[5-9]|[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g
const uid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Replaces what differs from run to run: namespaces, uids, resource versions, server times, generated names. */
function normalise(value, options) {
  if (typeof value === 'string') return scrubText(value, options.namespace)
  if (Array.isArray(value)) return value.map((item) => normalise(item, options))
  if (value === null || typeof value !== 'object') return value
  if (value.kind === 'Table' && value.rows && 'columnDefinitions' in value)
    return normaliseFields(tableView(value), options)
  if (value.kind === 'Status' && value.details?.causes) return normaliseFields(withPlainCauses(value), options)
  return normaliseFields(value, options)
}

function normaliseFields(value, options) {
  const out = {}
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'managedFields') {
      if (options.managedFields) out[key] = normalise(sortedBy(['manager', 'operation', 'subresource'], inner), options)
    } else if (key === 'resourceVersion' && typeof inner === 'string') out[key] = /^\d+$/.test(inner) ? '<rv>' : inner
    else if (key === 'continue') out[key] = inner ? '<token>' : inner
    else if (key === 'name' && typeof value.generateName === 'string') out[key] = `${value.generateName}*`
    else if (!clusterSpecific.has(key)) out[key] = normalise(inner, options)
  }
  return out
}

/** What one control plane's admission adds and another's does not. */
const clusterSpecific = new Set(['serviceAccount', 'serviceAccountName', 'selfLink'])

/** Each cause once, in the order of its field; a message that strings several together says so instead. */
function withPlainCauses(status) {
  const causes = sortedBy(
    ['field', 'reason', 'message'],
    new Map(status.details.causes.map((cause) => [JSON.stringify(cause), cause])).values(),
  )
  const message =
    causes.length > 1 ? status.message.replace(/ is invalid: \[.*\]$/s, ' is invalid: [its causes]') : status.message
  return { ...status, message, details: { ...status.details, causes } }
}

/** Descriptions are free text, ages grow. */
function tableView({ columnDefinitions, rows, ...table }) {
  return {
    ...table,
    columnDefinitions: columnDefinitions?.map(({ description, ...column }) => column) ?? null,
    rows: rows.map(({ cells, ...row }) => ({
      ...row,
      cells: cells.map((cell, i) => {
        if (columnDefinitions ? ageColumns.includes(columnDefinitions[i]?.name) : isAge(cell))
          return isAge(cell) ? '<time>' : cell
        return typeof cell === 'string' ? cell.replace(/\((?:\d+[ydhms])+ ago\)/, '(<time> ago)') : cell
      }),
    })),
  }
}

const isAge = (cell) => typeof cell === 'string' && /^(\d+[ydhms])+$/.test(cell)

function scrubText(text, namespace) {
  const out = text
    .replaceAll(namespace, '<ns>')
    .replace(/\bcf-[a-z0-9]{5}-[a-z0-9-]+/g, '<ns>')
    .replace(uid, '<uid>')
    .replace(setByTheServer, '<time>')
  return /resource ?version/i.test(out) ? out.replace(/\b\d{2,}\b/g, '<rv>') : out
}

const sortedBy = (keys, items) => {
  const rank = (item) => JSON.stringify(keys.map((key) => item[key] ?? ''))
  return [...items].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

/** A body that is not of the expected shape is recorded as it is, so that the rest of the scenario still runs. */
function viewed(body, view) {
  try {
    return view(body)
  } catch {
    return body
  }
}

const mediaType = (header) => header?.replace(/;\s*charset=utf-8$/i, '')

function parsed(text) {
  try {
    return text ? JSON.parse(text) : undefined
  } catch {
    return text
  }
}
