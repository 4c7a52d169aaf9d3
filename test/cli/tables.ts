/** The cells of a table as it is printed, row by row. */
export const cells = (text: string): ReadonlyArray<ReadonlyArray<string>> =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd().split(/ {2,}/))

/** The text with what differs from run to run in plain words: uids, times, ages and the random ends of names. */
export const masked = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
    .replace(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, 'TIME')
    .replace(/resourceVersion: "\d+"/g, 'resourceVersion: "NUMBER"')
    .replace(/-[b-df-hj-np-tv-z2-9]{5}\b/g, '-XXXXX')

/** A duration as Kubernetes prints it. */
export const age = /^\d+s$/
