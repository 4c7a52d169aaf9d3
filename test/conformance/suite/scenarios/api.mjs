// What an HTTP client sees: tables, selectors, paging, writes, patches, apply, deletion, watches, discovery, errors.
import {
  applyPatch,
  asMetadata,
  asMetadataList,
  asTable,
  bookmarkView,
  eventView,
  jsonPatch,
  mergePatch,
  namesOf,
  protobuf,
  still,
  strategicPatch,
  withoutStatus,
} from '../api-helpers.mjs'

const JOBS = '/apis/batch/v1/namespaces/$NS/jobs'
const CRONJOBS = '/apis/batch/v1/namespaces/$NS/cronjobs'
const PODS = '/api/v1/namespaces/$NS/pods'
const EVENTS = '/api/v1/namespaces/$NS/events'

const at = (time) => `2024-05-06T${time}Z`
const happened = (type, extra) => ({ type, status: 'True', lastTransitionTime: at('07:00:00'), ...extra })
const setJobStatus = (t, name, status) => t.must('PATCH', `${t.jobsPath(name)}/status`, { status }, mergePatch)
const create = (t, spec, metadata) => t.createJob(still(spec), metadata)
const pod = (name, { labels, ...spec } = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels },
  spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.36' }], ...spec },
})
const cronJob = (spec = {}, name = 'cron') => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name },
  spec: {
    schedule: '*/5 * * * *',
    suspend: true,
    jobTemplate: {
      spec: { template: { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'main', image: 'busybox' }] } } },
    },
    ...spec,
  },
})
const metadataOf = (object) => object.metadata

export default {
  'api-table-of-jobs': async (t) => {
    await create(t, {}, { name: 'a-running' })
    await create(
      t,
      {
        completions: 3,
        parallelism: 2,
        podSpec: {
          containers: [
            { name: 'one', image: 'busybox' },
            { name: 'two', image: 'alpine:3' },
          ],
        },
      },
      { name: 'b-complete' },
    )
    await create(t, { parallelism: 4, completions: undefined }, { name: 'c-queue' })
    await create(
      t,
      {
        suspend: true,
        manualSelector: true,
        selector: {
          matchLabels: { app: 'x' },
          matchExpressions: [{ key: 'tier', operator: 'In', values: ['b', 'a'] }],
        },
        podMetadata: { labels: { app: 'x', tier: 'a' } },
      },
      { name: 'd-suspended' },
    )
    await create(t, { completions: 5 }, { name: 'e-failed' })
    await setJobStatus(t, 'b-complete', {
      startTime: at('07:00:00'),
      completionTime: at('07:02:05'),
      succeeded: 3,
      conditions: [happened('SuccessCriteriaMet'), happened('Complete')],
    })
    await setJobStatus(t, 'd-suspended', { conditions: [happened('Suspended')] })
    await setJobStatus(t, 'e-failed', {
      startTime: at('07:00:00'),
      failed: 1,
      conditions: [happened('FailureTarget'), happened('Failed')],
    })
    await t.api.ask('list', 'GET', JOBS, { accept: asTable, view: hideRunningDurations('e-failed') })
    await t.api.ask('one', 'GET', `${JOBS}/b-complete`, { accept: asTable })
    await t.api.ask('without the object', 'GET', `${JOBS}/b-complete?includeObject=None`, {
      accept: asTable,
      view: rowObjects,
    })
    await t.api.ask('with the whole object', 'GET', `${JOBS}/b-complete?includeObject=Object`, {
      accept: asTable,
      view: (table) => table.rows.map(({ object }) => Object.keys(object).sort()),
    })
    await t.api.ask('with something unknown', 'GET', `${JOBS}/b-complete?includeObject=Everything`, { accept: asTable })
    await t.api.ask('an empty table', 'GET', `${JOBS}?labelSelector=none`, { accept: asTable })
    await t.api.ask('an error is never a table', 'GET', `${JOBS}/missing`, { accept: asTable })
    await t.api.ask('kubectl asks for three types', 'GET', `${JOBS}/a-running`, {
      accept: `${asTable},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json`,
      view: ({ kind, apiVersion }) => ({ kind, apiVersion }),
    })
  },
  'api-table-of-pods': async (t) => {
    await createPods(t, {
      'a-pending': {},
      'b-running': {
        phase: 'Running',
        podIP: '10.0.0.7',
        podIPs: [{ ip: '10.0.0.7' }],
        conditions: [happened('Ready')],
        containerStatuses: [
          container({
            ready: true,
            restartCount: 2,
            state: { running: {} },
            lastState: { terminated: { exitCode: 1, finishedAt: at('06:00:00') } },
          }),
        ],
      },
      'c-crashing': {
        phase: 'Running',
        containerStatuses: [container({ restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } } })],
      },
      'd-completed': {
        phase: 'Succeeded',
        containerStatuses: [container({ state: { terminated: { exitCode: 0, reason: 'Completed' } } })],
      },
      'e-error': { phase: 'Failed', containerStatuses: [container({ state: { terminated: { exitCode: 3 } } })] },
      'f-evicted': { phase: 'Failed', reason: 'Evicted', message: 'too much memory' },
      'g-signalled': {
        phase: 'Failed',
        containerStatuses: [container({ state: { terminated: { exitCode: 137, signal: 9 } } })],
      },
    })
    await t.createPod(
      pod('h-initialising', {
        nodeName: 'elsewhere',
        initContainers: [
          { name: 'first', image: 'busybox' },
          { name: 'second', image: 'busybox' },
        ],
      }),
    )
    await t.setPodStatus(
      { metadata: { name: 'h-initialising' } },
      {
        phase: 'Pending',
        initContainerStatuses: [
          container({ name: 'first', ready: true, state: { terminated: { exitCode: 0 } } }),
          container({ name: 'second', state: { running: {} } }),
        ],
        containerStatuses: [container({ state: { waiting: { reason: 'PodInitializing' } } })],
      },
    )
    await t.createPod(pod('i-terminating', { nodeName: 'elsewhere' }))
    await t.deletePod({ metadata: { name: 'i-terminating' } })
    await t.api.ask('list', 'GET', PODS, { accept: asTable })
  },
  'api-table-of-cronjobs': async (t) => {
    await t.must('POST', t.cronJobsPath(), cronJob({}, 'a-suspended'))
    await t.must(
      'POST',
      t.cronJobsPath(),
      cronJob({ schedule: '0 0 1 1 *', suspend: false, timeZone: 'Europe/Vienna' }, 'b-yearly'),
    )
    await t.must(
      'PATCH',
      `${t.cronJobsPath('a-suspended')}/status`,
      { status: { lastScheduleTime: at('07:00:00') } },
      mergePatch,
    )
    await t.api.ask('list', 'GET', CRONJOBS, { accept: asTable })
    await t.must(
      'POST',
      t.api.path(EVENTS),
      eventAbout(t, 'a-suspended', {
        name: 'event-one',
        reason: 'Tested',
        count: 3,
        lastTimestamp: at('07:00:00'),
        firstTimestamp: at('06:00:00'),
        source: { component: 'tester', host: 'here' },
      }),
    )
    await t.api.ask('events', 'GET', `${EVENTS}?fieldSelector=reason=Tested`, { accept: asTable })
    await t.api.ask('namespaces', 'GET', '/api/v1/namespaces?fieldSelector=metadata.name=$NS', { accept: asTable })
    await t.api.ask('metadata of one', 'GET', `${CRONJOBS}/a-suspended`, { accept: asMetadata })
    await t.api.ask('metadata of all', 'GET', CRONJOBS, { accept: asMetadataList })
  },
  'api-selectors': async (t) => {
    await create(t, {}, { name: 'red-1', labels: { colour: 'red', size: '1' } })
    await create(t, {}, { name: 'red-2', labels: { colour: 'red', size: '12', special: '' } })
    await create(t, {}, { name: 'blue-1', labels: { colour: 'blue' } })
    await create(t, {}, { name: 'plain', labels: { size: 'large' } })
    await setJobStatus(t, 'red-2', { startTime: at('07:00:00'), succeeded: 1 })
    const select = (parameter, text) =>
      t.api.ask(`${parameter} ${text}`, 'GET', `${JOBS}?${parameter}=${encodeURIComponent(text)}`, { view: namesOf })
    for (const text of [
      'colour=red',
      'colour==red',
      'colour!=red',
      'colour in (red,blue)',
      'colour notin (red)',
      'colour',
      '!colour',
      'colour,!special',
      'size>2',
      'size<2',
      ' colour = red , special ',
      'colour=',
      'special=',
      'colour in ()',
      'colour=red=blue',
      'colour in red',
      '-x=1',
      'colour=a b',
      'size>large',
      ',',
      'colour=red,',
    ])
      await select('labelSelector', text)
    for (const text of [
      'metadata.name=red-1',
      'metadata.name==red-1',
      'metadata.name!=red-1',
      'status.successful=1',
      'status.successful=0',
      'status.successful!=0',
      'metadata.name=red-1,status.successful=1',
      'metadata.name=',
      'status.active=1',
      'spec.suspend=true',
      'metadata.name',
      'metadata.name in (red-1)',
      'metadata.labels=x',
    ])
      await select('fieldSelector', text)
    await t.api.ask('both selectors', 'GET', `${JOBS}?labelSelector=colour=red&fieldSelector=metadata.name!=red-1`, {
      view: namesOf,
    })
    await t.api.ask(
      'all namespaces',
      'GET',
      `/apis/batch/v1/jobs?labelSelector=colour&fieldSelector=metadata.namespace=$NS`,
      {
        view: ({ kind, apiVersion, items }) => ({
          kind,
          apiVersion,
          items: items.map((j) => `${j.metadata.namespace}/${j.metadata.name}`),
        }),
      },
    )
    await t.createPod(pod('one'))
    await t.createPod(pod('two', { nodeName: 'elsewhere', restartPolicy: 'OnFailure' }))
    await t.setPodStatus(
      { metadata: { name: 'two' } },
      { phase: 'Running', podIP: '10.0.0.8', podIPs: [{ ip: '10.0.0.8' }] },
    )
    for (const text of [
      'status.phase=Running',
      'status.phase!=Running',
      'spec.nodeName=',
      'spec.nodeName=elsewhere',
      'spec.restartPolicy=Never',
      'status.podIP=10.0.0.8',
      'status.message=x',
    ]) {
      await t.api.ask(`pods ${text}`, 'GET', `${PODS}?fieldSelector=${encodeURIComponent(text)}`, { view: namesOf })
    }
    await t.api.ask('cron jobs', 'GET', `${CRONJOBS}?fieldSelector=spec.suspend=true`)
  },
  'api-list-pages-and-versions': async (t) => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create(t, {}, { name })
    const page = ({ metadata, items }) => ({ names: namesOf({ items }), metadata })
    const first = await t.api.ask('first page', 'GET', `${JOBS}?limit=2`, { view: page })
    await create(t, {}, { name: 'bb' })
    const next = encodeURIComponent(first.metadata.continue)
    const second = await t.api.ask(
      'second page, though bb came in between',
      'GET',
      `${JOBS}?limit=2&continue=${next}`,
      { view: page },
    )
    const last = await t.api.ask(
      'last page',
      'GET',
      `${JOBS}?limit=2&continue=${encodeURIComponent(second.metadata.continue)}`,
      { view: page },
    )
    t.api.record('one snapshot', {
      same:
        first.metadata.resourceVersion === second.metadata.resourceVersion &&
        second.metadata.resourceVersion === last.metadata.resourceVersion,
    })
    await t.api.ask('a page of a selection', 'GET', `${JOBS}?limit=2&fieldSelector=metadata.name!=a`, { view: page })
    await t.api.ask('the page as a table', 'GET', `${JOBS}?limit=1`, {
      accept: asTable,
      view: ({ metadata, rows }) => ({ metadata, rows: rows.length }),
    })
    await t.api.ask(
      'continue with a resource version',
      'GET',
      `${JOBS}?limit=2&continue=${next}&resourceVersion=${first.metadata.resourceVersion}`,
    )
    await t.api.ask('a continue token that is none', 'GET', `${JOBS}?limit=2&continue=nonsense`, { reasonOnly: true })
    const version = first.metadata.resourceVersion
    const list = (label, query, options) => t.api.ask(label, 'GET', `${JOBS}?${query}`, { view: namesOf, ...options })
    await list('version 0', 'resourceVersion=0')
    await list('not older than', `resourceVersion=${version}&resourceVersionMatch=NotOlderThan`)
    await list('exactly', `resourceVersion=${version}&resourceVersionMatch=Exact`)
    await list('exactly 0', 'resourceVersion=0&resourceVersionMatch=Exact')
    await list('match without version', 'resourceVersionMatch=NotOlderThan')
    await list('unknown match', `resourceVersion=${version}&resourceVersionMatch=Newest`)
    await list('no number', 'resourceVersion=latest', { reasonOnly: true })
    await list('the future', 'resourceVersion=999999999999')
    await list('initial events without a watch', 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan')
    await list('negative limit', 'limit=-1')
    await t.api.ask('limit is no number', 'GET', `${JOBS}?limit=many`, { reasonOnly: true })
    await t.api.ask('one object at version 0', 'GET', `${JOBS}/a?resourceVersion=0`, {
      view: ({ metadata }) => metadata.name,
    })
    await t.api.ask('an empty list', 'GET', `${JOBS}?labelSelector=none`)
    await t.api.ask('a namespace that does not exist', 'GET', '/apis/batch/v1/namespaces/$NS-none/jobs')
  },
  'api-create': async (t) => {
    const post = (label, body, options = {}) =>
      t.api.ask(label, 'POST', options.path ?? JOBS, { view: withoutStatus, ...options, body })
    const manifest = (metadata, spec) => t.manifest(still({ suspend: true, ...spec }), metadata)
    await post('plain', manifest({ name: 'plain' }))
    await post('the name is taken', manifest({ name: 'plain' }))
    await post('dry run', manifest({ name: 'dry' }), { path: `${JOBS}?dryRun=All` })
    await t.api.ask('nothing was stored', 'GET', `${JOBS}/dry`)
    await post('dry run of something invalid', manifest({ name: 'dry' }, { parallelism: -1 }), {
      path: `${JOBS}?dryRun=All`,
    })
    await post('dry run misspelt', manifest({ name: 'dry' }), { path: `${JOBS}?dryRun=Some` })
    await post(
      'generated name',
      { ...manifest({}), metadata: { generateName: 'made-' } },
      {
        view: ({ metadata }) => ({
          generateName: metadata.generateName,
          fits: /^made-[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(metadata.name),
        }),
      },
    )
    await post('no name at all', { ...manifest(), metadata: {} })
    await post(
      'server-owned metadata is not believed',
      manifest({
        name: 'pretender',
        uid: 'mine',
        creationTimestamp: at('07:00:00'),
        generation: 7,
        deletionTimestamp: at('07:00:00'),
        selfLink: '/x',
      }),
      { view: metadataOf },
    )
    await post('a resource version', manifest({ name: 'versioned', resourceVersion: '5' }), { refusalOnly: true })
    await post(
      'the status is dropped',
      { ...manifest({ name: 'with-status' }), status: { succeeded: 5 } },
      { view: ({ status }) => status },
    )
    await post('another kind', { ...manifest({ name: 'kind' }), kind: 'Pod', apiVersion: 'v1' }, { reasonOnly: true })
    await post('another version', { ...manifest({ name: 'version' }), apiVersion: 'batch/v9' }, { reasonOnly: true })
    await post(
      'no kind and no version',
      { ...manifest({ name: 'kindless' }), kind: undefined, apiVersion: undefined },
      { view: ({ kind, apiVersion }) => ({ kind, apiVersion }) },
    )
    await post('another namespace in the body', manifest({ name: 'elsewhere', namespace: 'default' }))
    await post('a namespace that does not exist', manifest({ name: 'nowhere' }), {
      path: '/apis/batch/v1/namespaces/$NS-none/jobs',
    })
    for (const name of ['Upper', 'under_score', '-dash', 'dot.', `${'x'.repeat(64)}`])
      await post(`the name ${name.slice(0, 12)}`, manifest({ name }))
    await post(
      'bad labels and annotations',
      manifest({ name: 'labels', labels: { 'a b': 'c', d: '-e' }, annotations: { '/': 'x' } }),
    )
    await post('to all namespaces', manifest({ name: 'plain' }), { path: '/apis/batch/v1/jobs' })
  },
  'api-create-encodings': async (t) => {
    const text = JSON.stringify(t.manifest(still({ suspend: true }), { name: 'text' }))
    const post = (label, body, options) =>
      t.api.ask(label, 'POST', JOBS, {
        view: ({ kind, metadata }) => ({ kind, name: metadata.name }),
        ...options,
        body,
      })
    await post('no JSON', '{"kind":', { reasonOnly: true })
    await post('an empty body', '', { reasonOnly: true })
    await post('an array', '[]', { reasonOnly: true })
    await post(
      'a string where a number belongs',
      text.replace('"suspend":true', '"suspend":true,"parallelism":"two"'),
      { reasonOnly: true },
    )
    await post('plain text', text, { type: 'text/plain' })
    await post('a form', text, { type: 'application/x-www-form-urlencoded' })
    await post('charset is ignored', text.replace('"text"', '"charset"'), { type: 'application/json; charset=utf-8' })
    await post(
      'YAML',
      `apiVersion: batch/v1
kind: Job
metadata:
  name: from-yaml
  labels: {"on": "yes"}
spec:
  managedBy: example.com/nobody
  suspend: true
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: busybox
        args: ["1", 'two', three]
`,
      {
        type: 'application/yaml',
        view: ({ metadata, spec }) => ({ labels: metadata.labels, args: spec.template.spec.containers[0].args }),
      },
    )
    await post('broken YAML', 'kind: [', { type: 'application/yaml', reasonOnly: true })
    for (const accept of [
      'text/html',
      'application/xml',
      'application/json;as=Bogus;v=v1;g=meta.k8s.io',
      'application/json;as=Table;v=v1;g=example.com',
    ]) {
      await t.api.ask(`accept ${accept}`, 'GET', `${JOBS}/charset`, { accept, reasonOnly: true })
    }
    for (const accept of ['*/*', 'text/html, application/json', 'application/json;q=0.5, */*;q=0.1', '']) {
      await t.api.ask(`accept ${accept || 'nothing'}`, 'GET', `${JOBS}/charset`, { accept, view: ({ kind }) => kind })
    }
    await t.api.ask('protobuf or else JSON', 'GET', `${JOBS}/missing`, {
      accept: 'application/vnd.kubernetes.protobuf;q=0, application/json',
    })
  },
  'api-protobuf-bodies': async (t) => {
    const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'))
    const job =
      '6b3873000a0f0a0862617463682f763112034a6f621282010a110a017812001a0022002a0032003800420012630800325d0a100a0012001a0022002a00320038004200124912260a0163120762757379626f781a04747275652a0042006a007200800100880100900100a201001a054e65766572320042004a0052005800600068008201008a01009a0100c2010050001a082000280030003a001a002200'
    const deleteInTheBackground =
      '6b3873000a190a0862617463682f7631120d44656c6574654f7074696f6e73120e0800220a4261636b67726f756e641a002200'
    await t.api.ask('strict, dry run', 'POST', `${JOBS}?fieldValidation=Strict&dryRun=All`, {
      type: protobuf,
      body: bytes(job),
      view: ({ spec }) => spec.parallelism,
    })
    await t.api.ask('a job', 'POST', JOBS, { type: protobuf, body: bytes(job), view: withoutStatus })
    await t.api.ask('the same job', 'POST', JOBS, { type: protobuf, body: bytes(job) })
    await t.api.ask('answered in JSON', 'GET', `${JOBS}/x`, {
      accept: 'application/json',
      view: ({ spec }) => [spec.parallelism, spec.suspend],
    })
    await t.api.ask('delete options', 'DELETE', `${JOBS}/x`, { type: protobuf, body: bytes(deleteInTheBackground) })
    await t.api.ask('cut short', 'POST', JOBS, { type: protobuf, body: bytes(job.slice(0, 80)), reasonOnly: true })
    await t.api.ask('without the magic number', 'POST', JOBS, {
      type: protobuf,
      body: bytes(job.slice(8)),
      reasonOnly: true,
    })
  },
  'api-pod-binding': async (t) => {
    await t.createPod(pod('p'))
    const bind = (label, name, target, { metadata = { name }, ...options } = {}) =>
      t.api.ask(label, 'POST', `${PODS}/${name}/binding`, {
        ...options,
        body: { apiVersion: 'v1', kind: 'Binding', metadata, target },
      })
    await bind('to nothing', 'p', { kind: 'Node' }, { refusalOnly: true })
    await bind('to a node', 'p', { apiVersion: 'v1', kind: 'Node', name: 'chosen' })
    await t.api.ask('the pod', 'GET', `${PODS}/p`, {
      view: ({ metadata, spec, status }) => ({
        generation: metadata.generation,
        nodeName: spec.nodeName,
        phase: status.phase,
        conditions: status.conditions,
      }),
    })
    await bind('to another node', 'p', { kind: 'Node', name: 'other' })
    await bind('a missing pod', 'missing', { kind: 'Node', name: 'chosen' })
    await bind('another name in the body', 'p', { kind: 'Node', name: 'chosen' }, { metadata: { name: 'q' } })
  },
  'api-field-validation': async (t) => {
    const manifest = (name) => t.manifest(still({ suspend: true }), { name })
    const withUnknown = (name) => {
      const job = manifest(name)
      return {
        ...job,
        extra: 1,
        spec: {
          ...job.spec,
          bogus: true,
          template: {
            ...job.spec.template,
            spec: {
              ...job.spec.template.spec,
              containers: [{ ...job.spec.template.spec.containers[0], imagine: 'x' }],
            },
          },
        },
      }
    }
    const duplicated = (name) =>
      JSON.stringify(manifest(name)).replace('"suspend":true', '"suspend":true,"parallelism":1,"suspend":true')
    const both = (name) => JSON.stringify(withUnknown(name)).replace('"suspend":true', '"suspend":true,"suspend":false')
    const view = ({ spec, extra }) => ({
      extra,
      suspend: spec.suspend,
      bogus: spec.bogus,
      imagine: spec.template.spec.containers[0].imagine,
    })
    for (const mode of ['Strict', 'Warn', 'Ignore', '', 'Sometimes']) {
      const query = mode && `?fieldValidation=${mode}`
      const suffix = mode.toLowerCase() || 'default'
      await t.api.ask(`unknown fields, ${suffix}`, 'POST', JOBS + query, {
        view,
        body: withUnknown(`unknown-${suffix}`),
      })
      await t.api.ask(`a field twice, ${suffix}`, 'POST', JOBS + query, { view, body: duplicated(`twice-${suffix}`) })
      await t.api.ask(`both, ${suffix}`, 'POST', JOBS + query, { view, body: both(`both-${suffix}`) })
    }
    await t.must('POST', t.jobsPath(), manifest('job'))
    const stored = await t.job()
    await t.api.ask('update, strict', 'PUT', `${JOBS}/job?fieldValidation=Strict`, {
      body: { ...stored, spec: { ...stored.spec, bogus: 1 } },
    })
    await t.api.ask('update, warn', 'PUT', `${JOBS}/job?fieldValidation=Warn`, {
      view,
      body: { ...stored, spec: { ...stored.spec, bogus: 1 } },
    })
    await t.api.ask('merge patch, strict', 'PATCH', `${JOBS}/job?fieldValidation=Strict`, {
      reasonOnly: true,
      type: mergePatch,
      body: { spec: { bogus: 1 } },
    })
    await t.api.ask('merge patch, warn', 'PATCH', `${JOBS}/job?fieldValidation=Warn`, {
      view,
      type: mergePatch,
      body: { spec: { bogus: 1 }, metadata: { nonsense: 2 } },
    })
    await t.api.ask('merge patch, a field twice', 'PATCH', `${JOBS}/job?fieldValidation=Strict`, {
      reasonOnly: true,
      type: mergePatch,
      body: '{"metadata":{"labels":{"a":"1","a":"2"}}}',
    })
  },
  'api-update': async (t) => {
    await create(t, { suspend: true }, { name: 'job', labels: { a: '1' }, annotations: { note: 'first' } })
    const stored = await t.job()
    const put = (label, change, { path = `${JOBS}/job`, ...options } = {}) =>
      t.api.ask(label, 'PUT', path, { ...options, body: change(structuredClone(stored)) })
    const labelled = (label) => (job) => ({ ...job, metadata: { ...job.metadata, labels: { a: label } } })
    const versionless = (change) => (job) => {
      const {
        metadata: { resourceVersion, ...metadata },
        ...rest
      } = change(job)
      return { ...rest, metadata }
    }
    await put('the current version', labelled('2'), { view: withoutStatus })
    await put('an older version', labelled('3'))
    await put('no version', versionless(labelled('4')), { view: metadataOf })
    await put(
      'another uid',
      versionless((job) => ({ ...job, metadata: { ...job.metadata, uid: '11111111-2222-3333-4444-555555555555' } })),
      { reasonOnly: true },
    )
    await put(
      'no uid',
      versionless((job) => ({ ...job, metadata: { ...job.metadata, uid: undefined } })),
      { view: metadataOf },
    )
    await put(
      'another name',
      versionless((job) => ({ ...job, metadata: { ...job.metadata, name: 'other' } })),
    )
    await put(
      'no name',
      versionless((job) => ({ ...job, metadata: { ...job.metadata, name: undefined } })),
    )
    await put(
      'another namespace',
      versionless((job) => ({ ...job, metadata: { ...job.metadata, namespace: 'default' } })),
    )
    await put(
      'to an object that does not exist',
      versionless((job) => ({ ...job, metadata: { ...job.metadata, name: 'missing', uid: undefined } })),
      { path: `${JOBS}/missing` },
    )
    await put(
      'generation follows the spec',
      versionless((job) => ({ ...job, spec: { ...job.spec, parallelism: 2 } })),
      { view: metadataOf },
    )
    await put(
      'labels and annotations left out',
      versionless((job) => ({ ...job, metadata: { name: 'job' } })),
      { view: metadataOf },
    )
    await put(
      'status through the main resource',
      versionless((job) => ({ ...job, status: { succeeded: 4 } })),
      { view: ({ status }) => status },
    )
    await put(
      'only status through /status',
      versionless((job) => ({
        ...job,
        metadata: { ...job.metadata, labels: { via: 'status' } },
        spec: { ...job.spec, parallelism: 9 },
        status: { startTime: at('07:00:00'), active: 1, ready: 0 },
      })),
      { path: `${JOBS}/job/status` },
    )
    await put('an old version through /status', (job) => job, { path: `${JOBS}/job/status` })
    await put(
      'dry run',
      versionless((job) => ({ ...job, spec: { ...job.spec, parallelism: 7 } })),
      { path: `${JOBS}/job?dryRun=All`, view: ({ spec }) => spec.parallelism },
    )
    await t.api.ask('after all that', 'GET', `${JOBS}/job`)
    t.api.record('a write that changes nothing', { sameVersion: await unchangedByRewriting(t) })
    await put(
      'spec.completions',
      versionless((job) => ({ ...job, spec: { ...job.spec, completions: 5 } })),
    )
    await put('no body', () => undefined, { reasonOnly: true })
  },
  'api-patch-json-and-merge': async (t) => {
    await create(
      t,
      {
        suspend: true,
        podSpec: {
          containers: [{ name: 'main', image: 'busybox', args: ['a', 'b'], env: [{ name: 'X', value: '1' }] }],
        },
      },
      { name: 'job', labels: { a: '1', 'example.com/slash': 'y' } },
    )
    const patch = (label, type, body, { path = `${JOBS}/job`, ...options } = {}) =>
      t.api.ask(label, 'PATCH', path, {
        view: ({ metadata, spec }) => ({ metadata, parallelism: spec.parallelism }),
        ...options,
        type,
        body,
      })
    await patch('add, replace and test', jsonPatch, [
      { op: 'test', path: '/spec/parallelism', value: 1 },
      { op: 'replace', path: '/spec/parallelism', value: 2 },
      { op: 'add', path: '/metadata/labels/b', value: '2' },
      { op: 'add', path: '/metadata/annotations', value: { note: 'x' } },
    ])
    await patch('escaped slash, move and copy', jsonPatch, [
      { op: 'copy', from: '/metadata/labels/example.com~1slash', path: '/metadata/labels/copied' },
      { op: 'move', from: '/metadata/labels/b', path: '/metadata/labels/moved' },
      { op: 'remove', path: '/metadata/labels/example.com~1slash' },
    ])
    await patch('a test that fails', jsonPatch, [
      { op: 'test', path: '/spec/parallelism', value: 7 },
      { op: 'replace', path: '/spec/parallelism', value: 9 },
    ])
    await patch('a path that is not there', jsonPatch, [{ op: 'replace', path: '/spec/nothing/here', value: 1 }])
    await patch('removing what is not there', jsonPatch, [{ op: 'remove', path: '/metadata/labels/none' }])
    await patch('an unknown operation', jsonPatch, [{ op: 'double', path: '/spec/parallelism' }])
    await patch('an empty JSON patch', jsonPatch, [])
    await patch('an object instead of an array', jsonPatch, { op: 'add' }, { reasonOnly: true })
    await patch('no JSON', jsonPatch, '[{', { reasonOnly: true })
    await patch('merge: null removes, the rest stays', mergePatch, {
      metadata: { labels: { a: null, c: '3' } },
      spec: { parallelism: 3 },
    })
    await patch('merge: the old resource version', mergePatch, {
      metadata: { resourceVersion: '1', labels: { z: 'z' } },
    })
    await patch(
      'merge: the uid',
      mergePatch,
      { metadata: { uid: '11111111-2222-3333-4444-555555555555' } },
      { reasonOnly: true },
    )
    await patch('merge: the name', mergePatch, { metadata: { name: 'other' } })
    await patch('merge: an invalid value', mergePatch, { spec: { parallelism: -4 } })
    await patch('merge: a string for a number', mergePatch, { spec: { parallelism: 'many' } }, { reasonOnly: true })
    await patch('merge: no object', mergePatch, '"text"', { reasonOnly: true })
    await patch('merge: no JSON', mergePatch, '{', { reasonOnly: true })
    await patch(
      'merge: status is not touched',
      mergePatch,
      { status: { succeeded: 3 } },
      { view: ({ status }) => status },
    )
    await patch(
      'merge: spec is not touched through /status',
      mergePatch,
      { spec: { parallelism: 8 }, status: { ready: 0, startTime: '2024-05-06T07:00:00.789+02:00' } },
      { path: `${JOBS}/job/status`, view: ({ spec, status }) => ({ parallelism: spec.parallelism, status }) },
    )
    await patch('dry run', mergePatch, { spec: { parallelism: 6 } }, { path: `${JOBS}/job?dryRun=All` })
    await patch('the whole job afterwards', mergePatch, {}, { view: (job) => job })
    await patch('an unknown patch type', 'application/json', { spec: {} }, { reasonOnly: true })
    await patch('a patch as text', 'text/plain', { spec: {} }, { reasonOnly: true })
    await patch('a missing job, merge', mergePatch, { spec: { parallelism: 2 } }, { path: `${JOBS}/missing` })
    await patch('a missing job, JSON patch', jsonPatch, [{ op: 'add', path: '/metadata/labels', value: {} }], {
      path: `${JOBS}/missing`,
    })
    await patch('force without apply', mergePatch, { spec: {} }, { path: `${JOBS}/job?force=true` })
  },
  'api-patch-strategic': async (t) => {
    await create(
      t,
      {
        suspend: true,
        podSpec: {
          containers: [
            {
              name: 'main',
              image: 'busybox',
              args: ['a', 'b'],
              env: [
                { name: 'X', value: '1' },
                { name: 'Y', value: '2' },
              ],
              ports: [{ containerPort: 80, name: 'http' }],
            },
            { name: 'side', image: 'alpine' },
          ],
          tolerations: [{ key: 'one', operator: 'Exists' }],
          volumes: [{ name: 'data', emptyDir: {} }],
          nodeSelector: { disk: 'ssd', zone: 'a' },
        },
      },
      { name: 'job', labels: { a: '1' }, finalizers: ['example.com/one', 'example.com/two'] },
    )
    const patch = (label, body, options) =>
      t.api.ask(label, 'PATCH', `${JOBS}/job`, {
        view: ({ metadata, spec }) => ({
          labels: metadata.labels,
          finalizers: metadata.finalizers,
          podSpec: podSpecOf(spec.template),
        }),
        type: strategicPatch,
        ...options,
        body,
      })
    const inPod = (spec) => ({ spec: { template: { spec } } })
    await patch('labels merge, null removes', { metadata: { labels: { a: null, b: '2' } } })
    await patch('finalizers merge', { metadata: { finalizers: ['example.com/three'] } })
    await patch('finalizers deleted from the list', {
      metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/one', 'example.com/two'] },
    })
    await patch('finalizers in an order', {
      metadata: {
        '$setElementOrder/finalizers': ['example.com/four', 'example.com/three'],
        finalizers: ['example.com/four'],
      },
    })
    await patch('node selector of a suspended job', inPod({ nodeSelector: { zone: 'b' } }))
    await patch('node selector replaced', inPod({ nodeSelector: { $patch: 'replace', arch: 'arm64' } }))
    await patch(
      'tolerations are replaced',
      inPod({ tolerations: [{ key: 'two', operator: 'Equal', value: 'x', effect: 'NoSchedule' }] }),
    )
    await patch('an image may not change', inPod({ containers: [{ name: 'main', image: 'busybox:2' }] }), {
      reasonOnly: true,
    })
    await patch('an unknown directive', { metadata: { labels: { $patch: 'invert' } } }, { refusalOnly: true })
    await patch('an element without its key', inPod({ containers: [{ image: 'x' }] }), { refusalOnly: true })
    await patch('no JSON', '{', { reasonOnly: true })
    await t.api.ask('a missing job', 'PATCH', `${JOBS}/missing`, { type: strategicPatch, body: {} })

    await t.must(
      'POST',
      t.cronJobsPath(),
      cronJob({
        jobTemplate: {
          spec: {
            template: {
              spec: {
                restartPolicy: 'Never',
                containers: [
                  {
                    name: 'main',
                    image: 'busybox',
                    args: ['a', 'b'],
                    env: [
                      { name: 'X', value: '1' },
                      { name: 'Y', value: '2' },
                    ],
                    ports: [{ containerPort: 80, name: 'http' }],
                  },
                  { name: 'side', image: 'alpine' },
                ],
                volumes: [{ name: 'data', emptyDir: {} }],
                tolerations: [{ key: 'one', operator: 'Exists' }],
              },
            },
          },
        },
      }),
    )
    const patchCron = (label, podSpec) =>
      t.api.ask(`cron: ${label}`, 'PATCH', `${CRONJOBS}/cron`, {
        type: strategicPatch,
        body: { spec: { jobTemplate: { spec: { template: { spec: podSpec } } } } },
        view: ({ spec }) => podSpecOf(spec.jobTemplate.spec.template),
      })
    await patchCron('containers merge by name', {
      containers: [
        { name: 'main', image: 'busybox:2' },
        { name: 'new', image: 'nginx' },
      ],
    })
    await patchCron('env merges by name, args are replaced', {
      containers: [
        {
          name: 'main',
          args: ['c'],
          env: [
            { name: 'Y', value: '3' },
            { name: 'Z', value: '4' },
          ],
        },
      ],
    })
    await patchCron('an env entry deleted', { containers: [{ name: 'main', env: [{ name: 'X', $patch: 'delete' }] }] })
    await patchCron('a container deleted', { containers: [{ name: 'side', $patch: 'delete' }] })
    await patchCron('ports merge by number', {
      containers: [{ name: 'main', ports: [{ containerPort: 80, name: 'web' }, { containerPort: 81 }] }],
    })
    await patchCron('an order of containers', {
      '$setElementOrder/containers': [{ name: 'new' }, { name: 'main' }],
      containers: [{ name: 'main', imagePullPolicy: 'Always' }],
    })
    await patchCron('env replaced as a whole', {
      containers: [{ name: 'main', env: [{ $patch: 'replace' }, { name: 'ONLY', value: '1' }] }],
    })
    await patchCron('a volume retains only some keys', {
      volumes: [{ name: 'data', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/tmp' } }],
    })
    await patchCron('tolerations are replaced', { tolerations: [{ key: 'two', operator: 'Exists' }] })
    await patchCron('null removes a list', { tolerations: null, volumes: null })
  },
  'api-apply': async (t) => {
    const config = (spec, labels) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'job', labels },
      spec: { managedBy: 'example.com/nobody', ...spec },
    })
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } }
    const apply = (label, manager, body, { query = '', name = 'job', ...options } = {}) =>
      t.api.ask(label, 'PATCH', `${JOBS}/${name}?fieldManager=${manager}${query}`, {
        view: ({ metadata, spec }) => ({
          labels: metadata.labels,
          generation: metadata.generation,
          parallelism: spec.parallelism,
          suspend: spec.suspend,
          backoffLimit: spec.backoffLimit,
          managedFields: metadata.managedFields,
        }),
        managedFields: true,
        type: applyPatch,
        ...options,
        body,
      })
    await apply(
      'creates',
      'alice',
      config({ suspend: true, completions: 3, parallelism: 2, template }, { a: '1', b: '2' }),
    )
    const { resourceVersion } = (await t.job()).metadata
    await apply(
      'again, nothing changes',
      'alice',
      config({ suspend: true, completions: 3, parallelism: 2, template }, { a: '1', b: '2' }),
    )
    t.api.record('version after applying the same', {
      same: resourceVersion === (await t.job()).metadata.resourceVersion,
    })
    await apply(
      'a field left out is removed, one with a default falls back',
      'alice',
      config({ suspend: true, completions: 3, template }, { a: '1' }),
    )
    await apply('another manager adds', 'bob', config({ backoffLimit: 3 }, { c: '3' }))
    await apply('another manager disagrees', 'bob', config({ suspend: false, backoffLimit: 3 }, { a: '9', c: '3' }))
    await apply('another manager agrees', 'bob', config({ suspend: true, backoffLimit: 3 }, { c: '3' }))
    await apply('by force', 'bob', config({ suspend: true, backoffLimit: 3 }, { a: '9', c: '3' }), {
      query: '&force=true',
    })
    await apply('the first one gives up what it lost', 'alice', config({ suspend: true, completions: 3, template }))
    await t.must(
      'PATCH',
      `${t.jobsPath('job')}?fieldManager=carol`,
      { spec: { parallelism: 2 }, metadata: { labels: { c: '4' } } },
      mergePatch,
    )
    await apply('a value that a patch has taken', 'bob', config({ suspend: true, backoffLimit: 3 }, { a: '9', c: '3' }))
    await t.must(
      'PATCH',
      `${t.jobsPath('job')}/status?fieldManager=kubelet`,
      { status: { ready: 0, startTime: at('07:00:00') } },
      mergePatch,
    )
    await t.api.ask('all managers', 'GET', `${JOBS}/job`, { managedFields: true, view: ({ metadata }) => metadata })
    await t.api.ask('no field manager', 'PATCH', `${JOBS}/job`, { type: applyPatch, body: config({}) })
    await apply('another name in the body', 'alice', { ...config({}), metadata: { name: 'other' } })
    await apply('no kind', 'alice', { metadata: { name: 'job' } }, { reasonOnly: true })
    await apply(
      'managed fields in the body',
      'alice',
      { ...config({}), metadata: { name: 'job', managedFields: [] } },
      { view: ({ metadata }) => metadata.name },
    )
    await apply('an unknown field', 'alice', config({ bogus: 1 }), { refusalOnly: true })
    await apply('invalid', 'alice', config({ suspend: true, completions: 3, parallelism: -1, template }), {
      query: '&force=true',
    })
    await apply('immutable', 'alice', config({ suspend: true, completions: 4, template }))
    await apply(
      'as YAML',
      'alice',
      `apiVersion: batch/v1
kind: Job
metadata:
  name: yaml
spec:
  managedBy: example.com/nobody
  suspend: true
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: busybox
        env:
        - {name: X, value: "1"}
`,
      { name: 'yaml' },
    )
    await apply(
      'dry run',
      'alice',
      { ...config({ suspend: true, template }), metadata: { name: 'dry' } },
      { name: 'dry', query: '&dryRun=All' },
    )
    await t.api.ask('nothing was stored', 'GET', `${JOBS}/dry`)
    await t.api.ask('a created cron job', 'POST', `${CRONJOBS}?fieldManager=maker`, {
      body: { ...cronJob(), metadata: { name: 'cron', labels: { a: 'b' } } },
      managedFields: true,
      view: ({ metadata }) => metadata.managedFields,
    })
  },
  'api-delete': async (t) => {
    const remove = (label, path, body, options) =>
      t.api.ask(label, 'DELETE', path, {
        ...options,
        ...(body ? { body: { apiVersion: 'v1', kind: 'DeleteOptions', ...body } } : {}),
      })
    const shown = (object) => ({
      kind: object.kind,
      name: object.metadata.name,
      finalizers: object.metadata.finalizers,
      deleting: Boolean(object.metadata.deletionTimestamp),
      gracePeriod: object.metadata.deletionGracePeriodSeconds,
      generation: object.metadata.generation,
    })
    await create(t, { suspend: true }, { name: 'job', finalizers: ['example.com/stay'] })
    await remove('another uid', `${JOBS}/job`, { preconditions: { uid: '11111111-2222-3333-4444-555555555555' } })
    await remove('another version', `${JOBS}/job`, { preconditions: { resourceVersion: '1' } })
    await remove('both kinds of propagation', `${JOBS}/job`, {
      orphanDependents: true,
      propagationPolicy: 'Background',
    })
    await remove('unknown propagation', `${JOBS}/job`, { propagationPolicy: 'Sideways' })
    await remove('unknown propagation in the query', `${JOBS}/job?propagationPolicy=Sideways`)
    await remove('dry run', `${JOBS}/job`, { dryRun: ['All'], propagationPolicy: 'Background' }, { view: shown })
    await remove('dry run misspelt', `${JOBS}/job`, { dryRun: ['Some'] })
    await t.api.ask('another kind of body', 'DELETE', `${JOBS}/job`, {
      body: { apiVersion: 'v1', kind: 'Pod' },
      reasonOnly: true,
    })
    await remove('no propagation: a warning, and finalizers', `${JOBS}/job`, undefined, { view: shown })
    await remove('again', `${JOBS}/job`, { propagationPolicy: 'Background' }, { view: shown })
    await t.api.ask('a new finalizer is too late', 'PATCH', `${JOBS}/job`, {
      type: mergePatch,
      body: { metadata: { finalizers: ['example.com/stay', 'example.com/late'] } },
    })
    await t.api.ask('the last finalizer goes', 'PATCH', `${JOBS}/job`, {
      type: mergePatch,
      body: { metadata: { finalizers: null } },
      view: ({ kind }) => kind,
    })
    await t.awaitGone('job')
    await remove('a missing job', `${JOBS}/job`, { propagationPolicy: 'Background' })

    const bare = await create(t, { suspend: true }, { name: 'bare' })
    await remove('with the right uid: gone at once', `${JOBS}/bare`, {
      propagationPolicy: 'Background',
      preconditions: { uid: bare.metadata.uid },
    })
    await create(t, { suspend: true }, { name: 'query' })
    await remove('propagation in the query', `${JOBS}/query?propagationPolicy=Background`)
    await t.must('POST', t.cronJobsPath(), cronJob())
    await remove('a cron job without options', `${CRONJOBS}/cron`)

    for (const [name, team] of [
      ['c-1', 'x'],
      ['c-2', 'x'],
      ['c-3', 'y'],
    ])
      await create(t, { suspend: true }, { name, labels: { team } })
    await t.api.ask('a collection', 'DELETE', `${JOBS}?labelSelector=team=x&propagationPolicy=Background`, {
      view: ({ kind, items }) => ({ kind, names: namesOf({ items }) }),
    })
    await t.api.ask('a collection without matches', 'DELETE', `${JOBS}?labelSelector=team=z`, {
      view: ({ kind, items }) => ({ kind, items }),
    })
    await t.api.ask('what is left', 'GET', JOBS, { view: namesOf })
  },
  'api-delete-pods-and-owners': async (t) => {
    const shown = (object) =>
      object.kind === 'Status'
        ? object
        : {
            kind: object.kind,
            name: object.metadata.name,
            phase: object.status.phase,
            finalizers: object.metadata.finalizers,
            deleting: Boolean(object.metadata.deletionTimestamp),
            gracePeriod: object.metadata.deletionGracePeriodSeconds,
          }
    const remove = (label, path, body) =>
      t.api.ask(label, 'DELETE', path, {
        view: shown,
        ...(body ? { body: { apiVersion: 'v1', kind: 'DeleteOptions', ...body } } : {}),
      })
    const exists = async (label, path) => t.api.ask(label, 'GET', path, { view: shown })
    await t.createPod(pod('unscheduled'))
    await remove('a pod without a node goes at once', `${PODS}/unscheduled`)
    await exists('and is gone', `${PODS}/unscheduled`)
    await t.createPod(pod('scheduled', { nodeName: 'elsewhere' }))
    await remove('a pod on a node gets its grace', `${PODS}/scheduled`)
    await remove('the grace can shrink', `${PODS}/scheduled`, { gracePeriodSeconds: 5 })
    await remove('but not grow', `${PODS}/scheduled`, { gracePeriodSeconds: 60 })
    await exists('still there', `${PODS}/scheduled`)
    await remove('no grace', `${PODS}/scheduled`, { gracePeriodSeconds: 0 })
    await exists('now gone', `${PODS}/scheduled`)
    await t.createPod(pod('own-grace', { nodeName: 'elsewhere', terminationGracePeriodSeconds: 7 }))
    await remove('the grace of the pod itself', `${PODS}/own-grace`)
    await t.createPod(pod('finished', { nodeName: 'elsewhere' }))
    await t.succeed({ metadata: { name: 'finished' }, spec: { containers: [{ name: 'main', image: 'x' }] } })
    await remove('a finished pod goes at once', `${PODS}/finished`)
    await t.createPod({
      ...pod('held', { nodeName: 'elsewhere' }),
      metadata: { name: 'held', finalizers: ['example.com/hold'] },
    })
    await remove('a pod with a finalizer stays', `${PODS}/held`, { gracePeriodSeconds: 0 })
    await exists('still held', `${PODS}/held`)

    const owner = await create(t, { suspend: true }, { name: 'owner' })
    const owned = (name, blockOwnerDeletion) => ({
      ...pod(name),
      metadata: {
        name,
        finalizers: ['example.com/hold'],
        ownerReferences: [
          {
            apiVersion: 'batch/v1',
            kind: 'Job',
            name: 'owner',
            uid: owner.metadata.uid,
            controller: true,
            blockOwnerDeletion,
          },
        ],
      },
    })
    await t.createPod(owned('child', true))
    await t.sleep(1)
    await remove('in the foreground', `${JOBS}/owner`, { propagationPolicy: 'Foreground' })
    await awaitDeletion(t, 'child')
    await exists('the owner waits for its child', `${JOBS}/owner`)
    await t.must('PATCH', t.podsPath('child'), { metadata: { finalizers: null } }, mergePatch)
    await t.awaitGone('owner')
    await exists('both gone: the child', `${PODS}/child`)
  },
  'api-watch-selections': async (t) => {
    await create(t, { suspend: true }, { name: 'old', labels: { watched: 'yes' } })
    const {
      metadata: { resourceVersion },
    } = await t.must('GET', t.jobsPath())
    const label = (name, watched) =>
      t.must('PATCH', t.jobsPath(name), { metadata: { labels: { watched } } }, mergePatch)
    const events = await t.api.recordWatch(
      'objects enter and leave the selection',
      `${JOBS}?watch=1&labelSelector=watched=yes&resourceVersion=${resourceVersion}`,
      {
        count: 6,
        view: (event) => ({
          ...eventView(event),
          watched: event.object.metadata.labels?.watched,
          parallelism: event.object.spec.parallelism,
        }),
        act: async () => {
          await create(t, { suspend: true }, { name: 'ignored', labels: { watched: 'no' } })
          await create(t, { suspend: true }, { name: 'new', labels: { watched: 'yes' } })
          await label('old', 'no')
          await t.patchJob({ spec: { parallelism: 2 } }, 'old')
          await label('old', 'yes')
          await t.patchJob({ spec: { parallelism: 3 } }, 'new')
          await label('ignored', 'yes')
          await t.deleteJob('Background', 'new')
        },
      },
    )
    const versions = events.map((event) => Number(event.object.metadata.resourceVersion))
    t.api.record('versions grow', { grow: versions.every((version, i) => i === 0 || version > versions[i - 1]) })
    await t.api.recordWatch(
      'the same again, from the same version',
      `${JOBS}?watch=true&labelSelector=watched=yes&resourceVersion=${resourceVersion}`,
      { count: 6 },
    )
    await t.api.recordWatch(
      'one name',
      `${JOBS}?watch=1&fieldSelector=metadata.name=old&resourceVersion=${resourceVersion}`,
      { count: 3 },
    )
    await t.createPod(pod('p'))
    const pods = await t.must('GET', t.podsPath())
    await t.api.recordWatch(
      'pods by phase',
      `${PODS}?watch=1&fieldSelector=status.phase=Running&resourceVersion=${pods.metadata.resourceVersion}`,
      {
        count: 2,
        view: (event) => ({ ...eventView(event), phase: event.object.status.phase }),
        act: async () => {
          await t.setPodStatus({ metadata: { name: 'p' } }, { phase: 'Running' })
          await t.setPodStatus({ metadata: { name: 'p' } }, { phase: 'Succeeded' })
        },
      },
    )
    await t.api.recordWatch(
      'all namespaces',
      `/apis/batch/v1/jobs?watch=1&fieldSelector=metadata.namespace=$NS&resourceVersion=${resourceVersion}`,
      { count: 3 },
    )
    await t.api.ask('a bad selector', 'GET', `${JOBS}?watch=1&labelSelector=a%20b`)
    await t.api.ask('a bad field selector', 'GET', `${JOBS}?watch=1&fieldSelector=spec.x=1`)
  },
  'api-watch-starts-and-ends': async (t) => {
    await create(t, { suspend: true }, { name: 'b' })
    await create(t, { suspend: true }, { name: 'a' })
    const list = await t.must('GET', t.jobsPath())
    const now = list.metadata.resourceVersion
    const watchAll = (label, query, options) =>
      t.api.recordWatch(label, `${JOBS}?watch=1&${query}`, { count: 2, ...options })
    await watchAll('no version', '')
    await watchAll('version 0', 'resourceVersion=0')
    const act = () => t.patchJob({ spec: { parallelism: 4 } }, 'a')
    await watchAll('from now', `resourceVersion=${now}`, { count: 1, act })
    const orBookmark = (event) => (event.type === 'BOOKMARK' ? bookmarkView(event) : eventView(event))
    await watchAll(
      'a watch list',
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
      { count: 3, bookmarks: true, view: orBookmark },
    )
    await watchAll(
      'a watch list from a version',
      `sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=${now}`,
      { count: 3, bookmarks: true, view: orBookmark },
    )
    await watchAll(
      'a watch list goes on as a watch',
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
      {
        count: 4,
        bookmarks: true,
        view: orBookmark,
        act: async () => {
          await t.sleep(1)
          await t.patchJob({ spec: { parallelism: 5 } }, 'b')
        },
      },
    )
    await watchAll('a table', 'resourceVersion=0', { accept: asTable, view: tableEventView })
    await watchAll('metadata only', 'resourceVersion=0', {
      accept: asMetadata,
      view: ({ type, object }) => ({ type, object }),
    })
    for (const query of [
      'sendInitialEvents=true',
      'sendInitialEvents=true&resourceVersionMatch=Exact',
      'resourceVersionMatch=NotOlderThan&resourceVersion=0',
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=x',
    ]) {
      await t.api.ask(`refused: ${query}`, 'GET', `${JOBS}?watch=1&${query}`, { refusalOnly: query.endsWith('=x') })
    }
    await t.api.ask('one object is got, not watched', 'GET', `${JOBS}/a?watch=1`, { view: ({ kind }) => kind })
    const short = await t.api.watch(`${JOBS}?watch=1&timeoutSeconds=5&allowWatchBookmarks=true&resourceVersion=${now}`)
    const endedInTime = await short.end(12)
    const bookmark = short.events.findLast((event) => event.type === 'BOOKMARK')
    t.api.record('a watch of five seconds', {
      endedInTime,
      bookmark: bookmark && t.api.normalised(bookmarkView(bookmark)),
      notOlder: Number(bookmark?.object.metadata.resourceVersion) >= Number(now),
    })
    await expiredOrServed(t, 'the oldest version', `${JOBS}?watch=1&resourceVersion=1&timeoutSeconds=3`)
  },
  'api-discovery': async (t) => {
    const wanted = [
      'jobs',
      'jobs/status',
      'cronjobs',
      'cronjobs/status',
      'pods',
      'pods/status',
      'pods/log',
      'events',
      'namespaces',
      'namespaces/status',
    ]
    const resources = ({ kind, groupVersion, resources }) => ({
      kind,
      groupVersion,
      resources: wanted.flatMap((name) =>
        resources
          .filter((r) => r.name === name)
          .map(({ storageVersionHash, ...rest }) => ({ ...rest, shortNames: rest.shortNames ?? null })),
      ),
    })
    await t.api.ask('core versions', 'GET', '/api', { view: ({ kind, versions }) => ({ kind, versions }) })
    await t.api.ask('groups', 'GET', '/apis', {
      view: ({ kind, apiVersion, groups }) => ({
        kind,
        apiVersion,
        batch: groups.find((g) => g.name === 'batch'),
        events: groups.find((g) => g.name === 'events.k8s.io'),
      }),
    })
    await t.api.ask('group batch', 'GET', '/apis/batch')
    await t.api.ask('core resources', 'GET', '/api/v1', { view: resources })
    await t.api.ask('batch resources', 'GET', '/apis/batch/v1', { view: resources })
    await t.api.ask('event resources', 'GET', '/apis/events.k8s.io/v1', { view: resources })
    await t.api.ask('a group that is not there', 'GET', '/apis/example.com')
    await t.api.ask('a version that is not there', 'GET', '/apis/batch/v7')
    const accept =
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json'
    await t.api.ask('aggregated groups', 'GET', '/apis', { accept, view: aggregatedDiscovery('batch', wanted) })
    await t.api.ask('aggregated core', 'GET', '/api', { accept, view: aggregatedDiscovery('', wanted) })
    await t.api.ask('version', 'GET', '/version', {
      view: (version) =>
        [
          'major',
          'minor',
          'gitVersion',
          'gitCommit',
          'gitTreeState',
          'buildDate',
          'goVersion',
          'compiler',
          'platform',
        ].filter((key) => typeof version[key] === 'string'),
    })
    for (const path of ['/healthz', '/livez', '/readyz']) await t.api.ask(path, 'GET', path)
    await t.api.ask('openapi v3', 'GET', '/openapi/v3', {
      anyContentType: true,
      view: ({ paths }) =>
        ['api/v1', 'apis/batch/v1'].map((key) => [
          key,
          /^\/openapi\/v3\/.*\?hash=/.test(paths[key]?.serverRelativeURL),
        ]),
    })
    const { body: index } = await t.api.call('GET', '/openapi/v3')
    await t.api.ask('openapi v3 of batch', 'GET', index.paths['apis/batch/v1'].serverRelativeURL, { view: openApiView })
    await t.api.ask('openapi v2', 'GET', '/openapi/v2', {
      view: ({ swagger, definitions }) => ({
        swagger,
        job: definitions['io.k8s.api.batch.v1.Job']['x-kubernetes-group-version-kind'],
      }),
    })
  },
  'api-errors': async (t) => {
    const ask = (label, method, path, options) => t.api.ask(label, method, path, options)
    await ask('an unknown path', 'GET', '/nowhere')
    await ask('an unknown group', 'GET', '/apis/example.com/v1/things')
    await ask('an unknown version', 'GET', '/apis/batch/v3/namespaces/$NS/jobs')
    await ask('an unknown resource', 'GET', '/apis/batch/v1/namespaces/$NS/gadgets')
    await ask('an unknown resource in the core group', 'GET', '/api/v1/namespaces/$NS/gadgets')
    await ask('an unknown subresource', 'GET', `${JOBS}/job/shadow`)
    await ask('a missing job', 'GET', `${JOBS}/missing`)
    await ask('a missing pod', 'GET', `${PODS}/missing`)
    await ask('a missing namespace', 'GET', '/api/v1/namespaces/$NS-none')
    await ask('a job in a missing namespace', 'GET', '/apis/batch/v1/namespaces/$NS-none/jobs/missing')
    await ask('the status of a missing job', 'GET', `${JOBS}/missing/status`)
    await ask('the log of a missing pod', 'GET', `${PODS}/missing/log`)
    await ask('PUT to a collection', 'PUT', JOBS, { body: {} })
    await ask('PATCH to a collection', 'PATCH', JOBS, { body: {}, type: mergePatch })
    await ask('POST to an object', 'POST', `${JOBS}/job`, { body: t.manifest() })
    await ask('DELETE of a status', 'DELETE', `${JOBS}/job/status`)
    await ask('POST to a status', 'POST', `${JOBS}/job/status`, { body: {} })
    await ask('a token nobody knows', 'GET', JOBS, { token: 'not-a-token' })
    await t.createPod(pod('p'))
    await ask('a pod without a node has no log', 'GET', `${PODS}/p/log`)
    await ask('the log of an unknown container', 'GET', `${PODS}/p/log?container=other`)
    await ask('a bad number of lines', 'GET', `${PODS}/p/log?tailLines=-1`)
    await t.createPod(
      pod('two', {
        containers: [
          { name: 'a', image: 'x' },
          { name: 'b', image: 'x' },
        ],
      }),
    )
    await ask('the log of which container', 'GET', `${PODS}/two/log`)
    await ask('deleting the default namespace', 'DELETE', '/api/v1/namespaces/default?dryRun=All')
  },
  'api-cronjobs': async (t) => {
    const post = (label, spec, name = 'refused') =>
      t.api.ask(label, 'POST', CRONJOBS, {
        body: cronJob(spec, name),
        view: ({ metadata, spec, status }) => ({ metadata, spec, status }),
      })
    await post('defaults', { suspend: undefined, schedule: '0 0 1 1 *' }, 'yearly')
    for (const schedule of [
      '',
      'often',
      '* * * *',
      '60 * * * *',
      '* * * * * *',
      '@every 1h',
      '@hourly',
      'TZ=UTC 0 0 * * *',
      'CRON_TZ=Europe/Vienna 0 0 * * *',
      '5-1 * * * *',
      '*/0 * * * *',
      '0 0 31 2 *',
      '0 0 ? * MON-FRI',
    ]) {
      await t.api.ask(`schedule "${schedule}"`, 'POST', `${CRONJOBS}?dryRun=All`, {
        body: cronJob({ schedule }),
        view: ({ spec }) => spec.schedule,
      })
    }
    for (const timeZone of ['', 'Europe/Vienna', 'Nowhere/City', 'Local', 'UTC', 'utc', ' UTC']) {
      await t.api.ask(`time zone "${timeZone}"`, 'POST', `${CRONJOBS}?dryRun=All`, {
        body: cronJob({ timeZone }),
        view: ({ spec }) => spec.timeZone,
      })
    }
    await post('concurrency', { concurrencyPolicy: 'Sometimes' })
    await post('negative numbers', {
      startingDeadlineSeconds: -1,
      successfulJobsHistoryLimit: -2,
      failedJobsHistoryLimit: -3,
    })
    await post('a long name', {}, 'x'.repeat(53))
    await post('restartPolicy Always', {
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Always', containers: [{ name: 'main', image: 'x' }] } } },
      },
    })
    await post('a selector in the template', {
      jobTemplate: {
        spec: {
          manualSelector: true,
          selector: { matchLabels: { a: 'b' } },
          template: {
            metadata: { labels: { a: 'b' } },
            spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] },
          },
        },
      },
    })
    await post('no template', { jobTemplate: undefined })
    const patch = (label, body, path = `${CRONJOBS}/yearly`) =>
      t.api.ask(label, 'PATCH', path, {
        type: mergePatch,
        body,
        view: ({ metadata, spec, status }) => ({
          generation: metadata.generation,
          schedule: spec.schedule,
          suspend: spec.suspend,
          status,
        }),
      })
    await patch('suspend', { spec: { suspend: true } })
    await patch('another schedule', { spec: { schedule: '0 1 * * *' } })
    await patch('a bad schedule', { spec: { schedule: 'never' } })
    await patch('status through the main resource', { status: { lastScheduleTime: at('07:00:00') } })
    await patch(
      'status through /status',
      { spec: { suspend: false }, status: { lastScheduleTime: at('07:00:00'), lastSuccessfulTime: at('07:01:00') } },
      `${CRONJOBS}/yearly/status`,
    )
    await t.api.ask('the status subresource', 'GET', `${CRONJOBS}/yearly/status`)
  },
  'api-events': async (t) => {
    const job = await t.createJob({ completions: 1 })
    await t.activePods(1)
    await awaitEvents(t, 1)
    const find = (label, selector, view = (list) => list.items.length) =>
      t.api.ask(label, 'GET', `${EVENTS}?fieldSelector=${encodeURIComponent(selector)}`, { view })
    await find('by name', 'involvedObject.name=job')
    await find(
      'as kubectl describe asks',
      `involvedObject.name=job,involvedObject.namespace=${t.namespace},involvedObject.kind=Job,involvedObject.uid=${job.metadata.uid}`,
    )
    await find('by api version and reason', 'involvedObject.apiVersion=batch/v1,reason=SuccessfulCreate,type=Normal')
    await find('by source', 'source=job-controller,reportingComponent=job-controller')
    await find('by another uid', 'involvedObject.uid=11111111-2222-3333-4444-555555555555')
    await find('by something else', 'message=x')
    await find('the event of the controller', 'involvedObject.kind=Job', ({ kind, apiVersion, items }) => ({
      kind,
      apiVersion,
      items: items.map(controllerEvent),
    }))
    await t.api.ask(
      'in the other group',
      'GET',
      '/apis/events.k8s.io/v1/namespaces/$NS/events?fieldSelector=regarding.name=job,regarding.kind=Job',
      { view: ({ kind, apiVersion, items }) => ({ kind, apiVersion, items: items.map(controllerEvent) }) },
    )

    const event = eventAbout(t, 'job', {
      name: 'mine',
      reason: 'Looked',
      message: 'someone looked',
      source: { component: 'tester' },
      firstTimestamp: at('07:00:00'),
      lastTimestamp: at('07:00:00'),
      count: 1,
    })
    await t.api.ask('recorded by a client', 'POST', EVENTS, { body: event })
    await t.api.ask('counted up', 'PATCH', `${EVENTS}/mine`, {
      type: strategicPatch,
      body: { count: 2, lastTimestamp: at('07:05:00') },
    })
    await t.api.ask('seen through the other group', 'GET', '/apis/events.k8s.io/v1/namespaces/$NS/events/mine')
    await t.api.ask('about an object elsewhere', 'POST', EVENTS, {
      body: {
        ...event,
        metadata: { name: 'wrong', namespace: t.namespace },
        involvedObject: { ...event.involvedObject, namespace: 'default' },
      },
    })
    const modern = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'modern', namespace: t.namespace },
      regarding: { apiVersion: 'batch/v1', kind: 'Job', name: 'job', namespace: t.namespace },
      note: 'hello',
      reason: 'Said',
      type: 'Normal',
      action: 'Say',
      reportingController: 'example.com/tester',
      reportingInstance: 'tester-1',
      eventTime: '2024-05-06T07:00:00.123456Z',
    }
    await t.api.ask('recorded through the other group', 'POST', '/apis/events.k8s.io/v1/namespaces/$NS/events', {
      body: modern,
    })
    await t.api.ask('seen through the core group', 'GET', `${EVENTS}/modern`)
    await t.api.ask('incomplete in the other group', 'POST', '/apis/events.k8s.io/v1/namespaces/$NS/events', {
      body: {
        ...modern,
        metadata: { name: 'incomplete' },
        action: undefined,
        eventTime: undefined,
        reportingController: undefined,
      },
    })
    await t.api.ask('a bad type in the other group', 'POST', '/apis/events.k8s.io/v1/namespaces/$NS/events', {
      body: { ...modern, metadata: { name: 'bad-type' }, type: 'Loud' },
      reasonOnly: true,
    })
  },
}

/** Hides the duration of a Job that is over without a completion time: it grows. */
function hideRunningDurations(...names) {
  return (table) => ({
    ...table,
    rows: table.rows.map((row) =>
      names.includes(row.cells[0])
        ? {
            ...row,
            cells: row.cells.map((cell, i) => (table.columnDefinitions[i].name === 'Duration' ? '<growing>' : cell)),
          }
        : row,
    ),
  })
}

const tableEventView = ({ type, object }) => ({
  type,
  kind: object.kind,
  columns: object.columnDefinitions === null ? null : object.columnDefinitions.length,
  names: object.rows.map((row) => row.cells[0]),
  objects: object.rows.map((row) => row.object.kind),
})

const rowObjects = (table) => table.rows.map(({ object }) => object)

const container = ({ name = 'main', ready = false, restartCount = 0, ...rest }) => ({
  name,
  image: 'busybox:1.36',
  imageID: '',
  ready,
  restartCount,
  ...rest,
})

async function createPods(t, statuses) {
  for (const [name, status] of Object.entries(statuses)) {
    await t.createPod(pod(name, { nodeName: name === 'a-pending' ? undefined : 'elsewhere' }))
    if (status.phase) await t.setPodStatus({ metadata: { name } }, status)
  }
}

const podSpecOf = ({ spec }) => ({
  containers: spec.containers,
  volumes: spec.volumes,
  tolerations: spec.tolerations,
  nodeSelector: spec.nodeSelector,
})

async function unchangedByRewriting(t) {
  const before = await t.job()
  const after = await t.must('PUT', t.jobsPath('job'), before)
  return before.metadata.resourceVersion === after.metadata.resourceVersion
}

async function awaitDeletion(t, name) {
  for (let i = 0; i < 200; i++) {
    const { body } = await t.request('GET', t.podsPath(name))
    if (body.metadata?.deletionTimestamp) return
    await t.sleep(0.1)
  }
  throw new Error(`pod ${name} is not being deleted`)
}

/** A server may have forgotten an old version and say so, or still know it: both are right answers, others are not. */
async function expiredOrServed(t, label, path) {
  const watch = await t.api.watch(path)
  await watch.end(8)
  const [first] = watch.events
  const expired =
    first?.type === 'ERROR' &&
    first.object.kind === 'Status' &&
    first.object.code === 410 &&
    first.object.reason === 'Expired' &&
    /^too old resource version: 1 \(\d+\)$/.test(first.object.message)
  const served = first?.type === 'ADDED' && watch.events.every(({ type }) => type !== 'ERROR')
  t.api.record(label, { code: watch.code, expiredOrServed: Boolean(expired || served) })
}

/** One group of aggregated discovery; an empty group or version of a response kind means the one around it. */
function aggregatedDiscovery(group, wanted) {
  const shown =
    (version) =>
    ({ responseKind, ...resource }) => ({
      ...resource,
      responseKind: {
        group: responseKind.group || group,
        version: responseKind.version || version,
        kind: responseKind.kind,
      },
    })
  return ({ kind, apiVersion, items }) => ({
    kind,
    apiVersion,
    versions: items
      .find((item) => (item.metadata.name ?? '') === group)
      .versions.map(({ version, freshness, resources }) => ({
        version,
        freshness,
        resources: byName(
          'resource',
          resources.filter(({ resource }) => wanted.includes(resource)),
        ).map((resource) => ({
          ...shown(version)(resource),
          subresources: byName(
            'subresource',
            (resource.subresources ?? []).filter(({ subresource }) => ['status', 'log'].includes(subresource)),
          ).map(shown(version)),
        })),
      })),
  })
}

const byName = (key, items) => [...items].sort((a, b) => (a[key] < b[key] ? -1 : 1))

function openApiView({ openapi, components, paths }) {
  const job = components.schemas['io.k8s.api.batch.v1.Job']
  const patch = paths['/apis/batch/v1/namespaces/{namespace}/jobs/{name}'].patch
  return {
    openapi: openapi.split('.').slice(0, 2).join('.'),
    kinds: job['x-kubernetes-group-version-kind'],
    properties: Object.keys(job.properties).sort(),
    patch: patch['x-kubernetes-group-version-kind'],
    parameters: patch.parameters
      .map((p) => p.name)
      .filter((name) => ['dryRun', 'fieldManager', 'fieldValidation', 'force'].includes(name))
      .sort(),
  }
}

const eventAbout = (t, name, { name: eventName, ...event }) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: eventName, namespace: t.namespace },
  type: 'Normal',
  involvedObject: { apiVersion: 'batch/v1', kind: 'Job', name, namespace: t.namespace },
  ...event,
})

const controllerEvent = ({ metadata, ...event }) => ({
  ...event,
  name: metadata.name.replace(/[0-9a-f]{16}$/, '<16 hex digits>'),
  ...(event.message ? { message: event.message.replace(/-[a-z0-9]{5}$/, '-*') } : {}),
  ...(event.note ? { note: event.note.replace(/-[a-z0-9]{5}$/, '-*') } : {}),
})

async function awaitEvents(t, count) {
  for (let i = 0; i < 200; i++) {
    if ((await t.must('GET', t.api.path(EVENTS))).items.length >= count) return
    await t.sleep(0.1)
  }
  throw new Error(`fewer than ${count} events`)
}
