const neverStale = 'decisions are made on the log itself, of which nothing can be stale'
const oneAppend = 'counting a Pod and releasing it are one append, so there is nothing in between'
const cannotFail = 'the Pod is a fact of the log as soon as it is wanted: nothing can refuse it'

/** Rules that no test cites, each with its reason. A rule that is cited does not belong here. */
export const uncitedRules: Readonly<Record<string, string>> = {
  'E-9': 'a sync has nothing outside that could fail; what becomes of an append that fails is tested with the writer',
  'S-1': neverStale,
  'S-5': neverStale,
  'S-6': 'the codecs know two completion modes: no Job of another one can be stored',
  'S-7': neverStale,
  'S-9': 'an alpha feature that is off unless asked for',
  'F-10': 'deleting a Pod is an event, which cannot fail; what does not fit into one append follows in the next',
  'X-1': neverStale,
  'X-2': neverStale,
  'X-3': neverStale,
  'X-4': neverStale,
  'P-7': cannotFail,
  'P-8': 'the API has no quotas, limit ranges or webhooks, and a Pod of a Job is a fact: there is nobody to refuse it',
  'P-9': 'a namespace is deleted only when nothing is in it, so that none is ever ending',
  'P-10': 'a Pod that is gone is gone in the log: no deletion of it can fail',
  'T-1': 'the order of counting within one append cannot be seen',
  'T-2': oneAppend,
  'T-10': oneAppend,
}

/** Rows of the checklist that have no test of their own, each with its reason. */
export const uncheckedRows: Readonly<Record<string, string>> = {
  'J-19': 'thousands of Pods are what the benchmarks run',
  'J-65': 'an alpha feature that is off unless asked for',
}
