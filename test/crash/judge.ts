import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The judge stands outside jobledger: a file to which each Pod itself appends a line when it starts, every few milliseconds while it
 * lives, and before it ends. The order of the lines is the order in which things happened.
 */
export type Testimony = {
  readonly word: 'start' | 'tick' | 'end' | 'giveup'
  readonly index: number
  readonly pod: string
}

/**
 * An Indexed Job whose Pods testify in `folder`. A Pod of an index that `allow` has not freed yet gives up with exit code 1, so
 * that Pods start and end all the time while the Job lasts for as many kills as are wanted.
 */
export const testifyingJob = (folder: string, { completions = 20, parallelism = 4 } = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'crash' },
  spec: {
    completionMode: 'Indexed',
    completions,
    parallelism,
    backoffLimit: 1000,
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [
          {
            name: 'main',
            image: 'busybox:1.28',
            command: ['/bin/sh', '-c', testify(folder)],
            env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
            volumeMounts: [{ name: 'judge', mountPath: folder }],
          },
        ],
        volumes: [{ name: 'judge', hostPath: { path: folder } }],
      },
    },
  },
})

/** Each `echo` is one write to a file opened for appending, so lines never mix. */
const testify = (folder: string): string => `
say() { echo "$1 $JOB_COMPLETION_INDEX $POD $2" >> '${fileOf(folder)}'; }
say start "$(date +%s%N)"
tick=0
while [ $tick -lt $((3 + JOB_COMPLETION_INDEX % 4)) ]; do sleep 0.005; say tick $tick; tick=$((tick + 1)); done
read -r allowed < '${allowedOf(folder)}'
if [ "$JOB_COMPLETION_INDEX" -lt "$allowed" ]; then say end "$(date +%s%N)"; exit 0; fi
say giveup "$(date +%s%N)"
exit 1
`

const fileOf = (folder: string): string => join(folder, 'testimony')
const allowedOf = (folder: string): string => join(folder, 'allowed')

/** Lets Pods of the indexes below `count` succeed. */
export const allow = (folder: string, count: number): void => {
  writeFileSync(`${allowedOf(folder)}.new`, `${count}\n`)
  renameSync(`${allowedOf(folder)}.new`, allowedOf(folder))
}

/** What has been said so far; nothing before the first Pod. */
export const testimonies = (folder: string): ReadonlyArray<Testimony> => {
  try {
    return readTestimonies(readFileSync(fileOf(folder), 'utf8'))
  } catch {
    return []
  }
}

/** Throws on a line that no Pod writes. */
export const readTestimonies = (text: string): ReadonlyArray<Testimony> =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const found = /^(start|tick|end|giveup) (\d+) (\S+) \d+$/.exec(line)
      if (found === null) throw new Error(`the testimony has a torn line: ${line}`)
      const [, word, index, pod] = found
      return { word: word as Testimony['word'], index: Number(index), pod: pod ?? '' }
    })

/** Sentences about what must not have happened; none when all is well. */
export const verdict = (said: ReadonlyArray<Testimony>): ReadonlyArray<string> => {
  const problems = new Set<string>()
  const started = new Set<string>()
  const latest = new Map<number, { readonly pod: string; readonly ended: boolean }>()
  for (const { word, index, pod } of said) {
    const before = latest.get(index)
    if (word === 'start') {
      if (started.has(pod)) problems.add(`Pod ${pod} of index ${index} ran twice`)
      started.add(pod)
    } else if (!started.has(pod)) problems.add(`Pod ${pod} of index ${index} said ${word} before its start`)
    else if (before?.pod !== pod) problems.add(`Pods ${pod} and ${before?.pod} of index ${index} ran at the same time`)
    else if (before.ended) problems.add(`Pod ${pod} of index ${index} went on behind its end`)
    if (word === 'start' || before?.pod === pod) latest.set(index, { pod, ended: word === 'end' || word === 'giveup' })
  }
  return [...problems]
}
