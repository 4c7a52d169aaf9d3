import type { Dice } from './dice.ts'
import { at } from './places.ts'
import type { Written } from './written.ts'

const segments = [
  ...['api', 'apis', 'v1', 'batch', 'namespaces', 'default', 'jobs', 'pods', 'job', 'status', 'scale', 'log', 'exec'],
  ...['', '.', '..', '%2e%2e', '%2f', '%00', '%ff', '%', '%zz', '%E0%A4%A', '__proto__', 'constructor', 'toString'],
  ...[
    'a'.repeat(300),
    'ä',
    '\\',
    '*',
    '~',
    ';a=b',
    '{}',
    '%25',
    '%0d%0aX:y',
    'readyz',
    'metrics',
    'openapi',
    'v2',
    'v3',
  ],
]
const names = [
  ...['labelSelector', 'fieldSelector', 'limit', 'continue', 'resourceVersion', 'resourceVersionMatch', 'watch'],
  ...['timeoutSeconds', 'sendInitialEvents', 'allowWatchBookmarks', 'dryRun', 'fieldManager', 'fieldValidation'],
  ...[
    'propagationPolicy',
    'gracePeriodSeconds',
    'orphanDependents',
    'includeObject',
    'force',
    'tailLines',
    'sinceTime',
  ],
  ...['verbose', 'exclude', 'pretty', '__proto__', ''],
]
const values = [
  ...[
    '',
    '0',
    '1',
    '-1',
    'true',
    'false',
    'x',
    '1e9',
    '99999999999999999999',
    'All',
    'Exact',
    'NotOlderThan',
    'Strict',
  ],
  ...[
    'a=b',
    'a in (b',
    'a in (b,c),!d',
    '!!a',
    '((((',
    'a==b=c',
    'a>1',
    'metadata.name=x',
    'spec.nodeName!=',
    'a=b\\,c',
  ],
  ...[
    'status.phase=Running,',
    '%00',
    '%',
    '%ff%fe',
    'ä',
    'eyJ2IjoxfQ',
    'Table',
    'Foreground',
    'a'.repeat(2000),
    '(',
    ',',
  ],
]

/** Paths, queries and Accept headers that mean nothing. */
export const oddAddress = (dice: Dice): Written => {
  const base = dice.chance(2)
    ? dice.oneOf(['/api/v1/pods', '/api/v1/events', at('batch/v1', 'jobs'), `${at('batch/v1', 'jobs')}/job`, '/readyz'])
    : `/${Array.from({ length: dice.below(8) }, () => dice.oneOf(segments)).join('/')}`
  const query = Array.from({ length: dice.below(4) }, () => `${dice.oneOf(names)}=${dice.oneOf(values)}`).join('&')
  return {
    method: dice.oneOf(['GET', 'GET', 'GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE']),
    path: `${base}${query === '' ? '' : `?timeoutSeconds=1&${query}`}`,
    headers: dice.chance(3) ? [`Accept: ${dice.oneOf(accepts)}`] : [],
  }
}

const accepts = [
  ...[
    '*/*',
    'text/html',
    'application/json;as=Table;v=v1;g=meta.k8s.io',
    'application/json;as=Table;v=v9;g=x',
    ';;;',
    ',',
  ],
  ...['application/json;q=0', 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io', 'a/b;c="d,e"', ''],
]
