// The vocabulary of a scenario. A scenario plays the user (creates, patches, deletes) and the kubelet
// (sets pod phases through the pods/status subresource); `settle` waits until nothing changes any more
// and records what an API client sees, with names, uids and times normalised away.
import { ApiClient } from './api-helpers.mjs'

const POLL_MS = 150
const json = 'application/json'

export class Scenario {
  /** `fetch`, `now` and `sleep` may be those of another world: a server in this process, a clock that jumps. */
  constructor({ server, token, namespace, fetch = globalThis.fetch, now = Date.now, sleep = realSleep }) {
    Object.assign(this, { fetch, now, sleepFor: sleep })
    this.server = server.replace(/\/$/, '')
    this.token = token
    this.namespace = namespace
    this.observations = []
    this.names = new Map()
    this.api = new ApiClient(this)
  }

  // ---- plumbing -------------------------------------------------------------------------------
  async request(method, path, body, contentType = json) {
    const response = await this.fetch(this.server + path, {
      method,
      headers: {
        accept: json,
        ...(body === undefined ? {} : { 'content-type': contentType }),
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    let value
    try {
      value = text ? JSON.parse(text) : undefined
    } catch {
      value = text
    }
    return { code: response.status, body: value, warnings: response.headers.get('warning') ?? undefined }
  }

  async must(method, path, body, contentType) {
    const response = await this.request(method, path, body, contentType)
    if (response.code >= 300)
      throw new Error(`${method} ${path} answered ${response.code}: ${JSON.stringify(response.body)?.slice(0, 400)}`)
    return response.body
  }

  jobsPath(name = '') {
    return `/apis/batch/v1/namespaces/${this.namespace}/jobs${name && `/${name}`}`
  }
  cronJobsPath(name = '') {
    return `/apis/batch/v1/namespaces/${this.namespace}/cronjobs${name && `/${name}`}`
  }
  podsPath(name = '') {
    return `/api/v1/namespaces/${this.namespace}/pods${name && `/${name}`}`
  }

  async open() {
    const response = await this.request('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: this.namespace },
    })
    if (response.code >= 300 && response.code !== 409)
      throw new Error(`cannot create namespace: ${response.code} ${JSON.stringify(response.body)}`)
  }

  async close() {
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', gracePeriodSeconds: 0 }
    for (const cronJob of (await this.request('GET', this.cronJobsPath())).body?.items ?? [])
      await this.request('DELETE', this.cronJobsPath(cronJob.metadata.name), options)
    for (const job of await this.listJobs().catch(() => [])) {
      if (job.metadata.finalizers?.length)
        await this.request(
          'PATCH',
          this.jobsPath(job.metadata.name),
          { metadata: { finalizers: null } },
          'application/merge-patch+json',
        )
      await this.request('DELETE', this.jobsPath(job.metadata.name), options)
    }
    for (const pod of await this.listPods().catch(() => [])) {
      if (pod.metadata.finalizers?.length)
        await this.request(
          'PATCH',
          this.podsPath(pod.metadata.name),
          { metadata: { finalizers: null } },
          'application/merge-patch+json',
        )
      await this.request('DELETE', this.podsPath(pod.metadata.name), options)
    }
  }

  sleep(seconds) {
    return this.sleepFor(seconds)
  }
  timestamp() {
    return new Date(this.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  }

  // ---- the user ---------------------------------------------------------------------------------
  /** A Job manifest; `spec.template` gets a one-container pod unless given. */
  manifest(spec = {}, { name = 'job', ...metadata } = {}) {
    const { podSpec, podMetadata, ...jobSpec } = spec
    const template = jobSpec.template ?? {
      ...(podMetadata ? { metadata: podMetadata } : {}),
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'main', image: 'busybox', command: ['sh', '-c', 'true'] }],
        ...podSpec,
      },
    }
    return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, ...metadata }, spec: { ...jobSpec, template } }
  }

  createJob(spec, metadata) {
    return this.must('POST', this.jobsPath(), this.manifest(spec, metadata))
  }
  createPod(pod) {
    return this.must('POST', this.podsPath(), pod)
  }
  createCronJob(spec, name = 'cron') {
    return this.must('POST', this.cronJobsPath(), { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name }, spec })
  }

  async job(name = 'job') {
    const response = await this.request('GET', this.jobsPath(name))
    return response.code === 404 ? undefined : response.body
  }
  async listJobs() {
    return (await this.must('GET', this.jobsPath())).items
  }
  async listPods() {
    const { items } = await this.must('GET', this.podsPath())
    return items.sort(
      (a, b) =>
        a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
        (indexOf(a) ?? 0) - (indexOf(b) ?? 0) ||
        a.metadata.name.localeCompare(b.metadata.name),
    )
  }

  patchJob(patch, name = 'job') {
    return this.must('PATCH', this.jobsPath(name), patch, 'application/merge-patch+json')
  }
  deleteJob(propagationPolicy = 'Background', name = 'job') {
    return this.must('DELETE', this.jobsPath(name), { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy })
  }
  deletePod(pod, gracePeriodSeconds) {
    return this.must('DELETE', this.podsPath(pod.metadata.name), {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    })
  }

  // ---- the kubelet --------------------------------------------------------------------------------
  /** Pods that are neither finished nor being deleted, oldest first; waits until there are at least `count`. */
  async activePods(count = 0, { seconds = 60, where = () => true } = {}) {
    const deadline = this.now() + seconds * 1000
    for (;;) {
      const pods = (await this.listPods()).filter(
        (p) => !p.metadata.deletionTimestamp && !['Succeeded', 'Failed'].includes(p.status?.phase) && where(p),
      )
      if (pods.length >= count) return pods
      if (this.now() > deadline) throw new Error(`waited ${seconds} s for ${count} active pods, saw ${pods.length}`)
      await this.sleep(POLL_MS / 1000)
    }
  }

  async setPodStatus(pod, status) {
    await this.must('PATCH', `${this.podsPath(pod.metadata.name)}/status`, { status }, 'application/merge-patch+json')
  }

  async pick(selection) {
    if (Array.isArray(selection)) return selection
    if (typeof selection === 'number') return (await this.activePods(selection)).slice(0, selection)
    if (selection?.index !== undefined) {
      const wanted = [selection.index].flat()
      const pods = await Promise.all(wanted.map((i) => this.activePods(1, { where: (p) => indexOf(p) === i })))
      return pods.map(([pod]) => pod)
    }
    return [selection]
  }

  async start(selection, { ready = true, restarts = 0 } = {}) {
    for (const pod of await this.pick(selection)) {
      await this.setPodStatus(pod, {
        phase: 'Running',
        startTime: this.timestamp(),
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: this.timestamp() }],
        containerStatuses: pod.spec.containers.map((c) => ({
          name: c.name,
          image: c.image,
          imageID: '',
          ready,
          restartCount: restarts,
          state: { running: { startedAt: this.timestamp() } },
        })),
      })
    }
  }

  succeed(selection) {
    return this.finish(selection, 'Succeeded', 0)
  }
  fail(selection, options) {
    return this.finish(selection, 'Failed', options?.exitCode ?? 1, options)
  }

  async finish(selection, phase, exitCode, { conditions = [], reason, restarts = 0 } = {}) {
    for (const pod of await this.pick(selection)) {
      await this.setPodStatus(pod, {
        phase,
        ...(reason ? { reason } : {}),
        conditions: conditions.map((c) => ({ status: 'True', lastTransitionTime: this.timestamp(), ...c })),
        containerStatuses: pod.spec.containers.map((c) => ({
          name: c.name,
          image: c.image,
          imageID: '',
          ready: false,
          restartCount: restarts,
          state: {
            terminated: {
              exitCode,
              reason: exitCode === 0 ? 'Completed' : 'Error',
              startedAt: this.timestamp(),
              finishedAt: this.timestamp(),
            },
          },
        })),
      })
    }
  }

  /** What a kubelet does once a deleted pod's containers are gone: it reports the terminal phase, then deletes for good. */
  async confirmDeletions() {
    for (const pod of (await this.listPods()).filter((p) => p.metadata.deletionTimestamp)) {
      if (!['Succeeded', 'Failed'].includes(pod.status?.phase)) await this.fail([pod], { exitCode: 143 })
      const answer = await this.request('DELETE', this.podsPath(pod.metadata.name), {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        gracePeriodSeconds: 0,
      })
      if (answer.code >= 300 && answer.code !== 404)
        throw new Error(`force delete answered ${answer.code}: ${JSON.stringify(answer.body)}`)
    }
  }

  // ---- observing ------------------------------------------------------------------------------------
  async awaitCondition(type, { name = 'job', seconds = 90 } = {}) {
    const deadline = this.now() + seconds * 1000
    for (;;) {
      const job = await this.job(name)
      if (job?.status?.conditions?.some((c) => c.type === type && c.status === 'True')) return job
      if (this.now() > deadline)
        throw new Error(`waited ${seconds} s for condition ${type}; status is ${JSON.stringify(job?.status)}`)
      await this.sleep(POLL_MS / 1000)
    }
  }

  async awaitGone(name = 'job', seconds = 60) {
    const deadline = this.now() + seconds * 1000
    while (await this.job(name)) {
      if (this.now() > deadline) throw new Error(`job ${name} still exists after ${seconds} s`)
      await this.sleep(POLL_MS / 1000)
    }
  }

  /**
   * Waits until jobs and pods have not changed for `quiet` seconds, and at least `atLeast` seconds in all, then records
   * them; `without` names status fields that may differ from run to run at that moment.
   */
  async settle(label, { quiet = 3, atLeast = 0, seconds = 60 + atLeast, without = [] } = {}) {
    const began = this.now()
    let last,
      since = began
    for (;;) {
      const view = JSON.stringify(
        [await this.listJobs(), await this.listPods()].map((items) =>
          items.map((i) => [i.metadata.uid, i.metadata.resourceVersion]),
        ),
      )
      if (view !== last) {
        last = view
        since = this.now()
      }
      if (this.now() - since >= quiet * 1000 && this.now() - began >= atLeast * 1000) break
      if (this.now() - began > seconds * 1000) throw new Error(`${label}: still changing after ${seconds} s`)
      await this.sleep((2 * POLL_MS) / 1000)
    }
    await this.observe(label, { without })
  }

  async observe(label, { without = [] } = {}) {
    const jobs = (await this.listJobs()).sort((a, b) => a.metadata.name.localeCompare(b.metadata.name))
    const pods = await this.listPods()
    const { items: events } = await this.must('GET', `/api/v1/namespaces/${this.namespace}/events`)
    this.observations.push({
      label,
      jobs: Object.fromEntries(jobs.map((job) => [job.metadata.name, observeJob(job, without)])),
      pods: pods.map((pod) => observePod(pod, jobs)).sort(byText),
      events: observeEvents(events, jobs),
    })
  }

  /** Records the spec and metadata that the server fills in. */
  async observeDefaults(label, name = 'job') {
    const job = await this.job(name)
    this.observations.push({
      label,
      metadata: normaliseMetadata(job.metadata),
      spec: normaliseIds(job.spec, job.metadata.uid),
    })
  }

  /** Sends a request that is expected to be refused (or not) and records the answer's Status. */
  async observeAnswer(label, method, path, body, contentType, { withSpec = false } = {}) {
    const { code, body: answer } = await this.request(method, path.replaceAll('$NS', this.namespace), body, contentType)
    const uid = answer?.metadata?.uid
    const record = { label, code }
    if (answer?.kind === 'Status') {
      const causes = (answer.details?.causes ?? [])
        .map((c) => ({ reason: c.reason, field: c.field, message: withoutDumps(scrub(c.message, this.namespace)) }))
        .sort(byText)
      // An Invalid message repeats its causes, in an order that means nothing.
      const message =
        answer.reason === 'Invalid'
          ? answer.message.split(' is invalid: ')[0] + ' is invalid'
          : scrub(answer.message, this.namespace)
      Object.assign(record, { reason: answer.reason, message: scrub(message, this.namespace), causes })
    } else if (uid)
      Object.assign(record, { created: true, ...(withSpec ? { spec: normaliseIds(answer.spec, uid) } : {}) })
    this.observations.push(record)
  }

  tryCreate(label, spec, metadata) {
    return this.observeAnswer(label, 'POST', '/apis/batch/v1/namespaces/$NS/jobs', this.manifest(spec, metadata))
  }
  tryPatch(label, patch, name = 'job') {
    return this.observeAnswer(
      label,
      'PATCH',
      `/apis/batch/v1/namespaces/$NS/jobs/${name}`,
      patch,
      'application/merge-patch+json',
    )
  }
}

export const indexOf = (pod) => {
  const value = pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index']
  return value === undefined ? undefined : Number(value)
}

const realSleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000))
const byText = (a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

function observeJob(job, without) {
  const s = Object.fromEntries(Object.entries(job.status ?? {}).filter(([field]) => !without.includes(field)))
  return {
    ...(job.metadata.deletionTimestamp ? { deleting: true, finalizers: job.metadata.finalizers } : {}),
    status: dropEmpty({
      active: s.active || undefined,
      ready: s.ready || undefined,
      terminating: s.terminating || undefined,
      succeeded: s.succeeded || undefined,
      failed: s.failed || undefined,
      completedIndexes: s.completedIndexes,
      failedIndexes: s.failedIndexes,
      started: Boolean(s.startTime),
      completed: Boolean(s.completionTime),
      uncounted:
        (s.uncountedTerminatedPods?.succeeded?.length ?? 0) + (s.uncountedTerminatedPods?.failed?.length ?? 0) ||
        undefined,
      conditions: (s.conditions ?? []).map((c) =>
        dropEmpty({ type: c.type, status: c.status, reason: c.reason, message: scrub(c.message) }),
      ),
    }),
  }
}

function observePod(pod, jobs) {
  const owner = pod.metadata.ownerReferences?.find((o) => o.controller)
  const ownerExists = owner && jobs.some((j) => j.metadata.uid === owner.uid)
  return dropEmpty({
    name: podName(pod.metadata.name),
    hostname: pod.spec.hostname,
    phase: pod.status?.phase,
    index: indexOf(pod),
    deleting: pod.metadata.deletionTimestamp ? true : undefined,
    tracked: pod.metadata.finalizers?.includes('batch.kubernetes.io/job-tracking') || undefined,
    owner: owner ? `${owner.kind}/${owner.name}${ownerExists ? '' : ' (gone)'}` : undefined,
    failureCount: pod.metadata.annotations?.['batch.kubernetes.io/job-index-failure-count'],
    ignoredFailureCount: pod.metadata.annotations?.['batch.kubernetes.io/job-index-ignored-failure-count'],
    labels: Object.keys(pod.metadata.labels ?? {}).sort(),
  })
}

function observeEvents(events, jobs) {
  const seen = new Map()
  for (const e of events.filter((e) => ['Job', 'CronJob'].includes(e.involvedObject.kind))) {
    const key = `${e.type} ${e.reason}: ${scrub(e.message)}`
    seen.set(key, (seen.get(key) ?? 0) + (e.count ?? e.series?.count ?? 1))
  }
  return Object.fromEntries([...seen].sort(byText))
}

/** Values shown as whole internal structures are not part of what a client may rely on. */
const withoutDumps = (message) => message?.replace(/^(Invalid value: )[[{].*[\]}](: )/s, '$1<value>$2')

const podName = (name) => name.replace(/-[a-z0-9]{5}$/, '-*')

/** Replaces what differs from run to run: pod-name suffixes, uids, namespaces, times. */
function scrub(text, namespace) {
  if (text === undefined) return undefined
  let out = text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
    .replace(/\bcf-[a-z0-9]{5}-[a-z0-9-]+?(?=[/"\s]|$)/g, '<ns>')
    .replace(/(pods?: |pod )((?:[a-z0-9-]+)-[a-z0-9]{5})\b/gi, (_, lead, name) => lead + podName(name))
    .replace(/(<ns>\/)([a-z0-9-]+-[a-z0-9]{5})\b/g, (_, lead, name) => lead + podName(name))
  if (namespace) out = out.replaceAll(namespace, '<ns>')
  return out
}

function normaliseIds(value, uid) {
  return JSON.parse(JSON.stringify(value).replaceAll(uid, '<uid>'))
}

function normaliseMetadata(metadata) {
  const { labels, annotations, finalizers, generation } = normaliseIds(metadata, metadata.uid)
  return dropEmpty({ labels, annotations, finalizers, generation })
}

function dropEmpty(record) {
  return Object.fromEntries(
    Object.entries(record).filter(([, v]) => v !== undefined && !(Array.isArray(v) && v.length === 0)),
  )
}
