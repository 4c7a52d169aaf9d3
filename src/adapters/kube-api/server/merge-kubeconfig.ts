import { mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isMap, isSeq, parseDocument } from 'yaml'
import { E } from '../../../prelude.ts'
import { type Access, kubeconfig, kubeconfigEntries } from './kubeconfig.ts'
import { writeSecret } from './own-files.ts'

/**
 * Puts a server, a user and a context into a kubeconfig, or replaces those of their names there; everything else stays as it is, and so does
 * the current context, if there is one. The file is written whole, for its owner alone. Left: why not, as a sentence.
 */
export const mergeKubeconfig = (path: string, access: Access, context: string): E.Either<string, void> => {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined
    const target = isThere ? realpathSync(path) : path
    const present = isThere ? readFileSync(target, 'utf8') : ''
    const merged = present.trim() === '' ? E.right(kubeconfig(access, context)) : mergedText(present, access, context)
    if (E.isLeft(merged)) return E.left(`${path} was left as it is: ${merged.left}`)
    writeSecret(target, merged.right)
    return E.right(undefined)
  } catch (problem) {
    return E.left(`${path} cannot be written: ${problem instanceof Error ? problem.message : String(problem)}`)
  }
}

/** As kubectl finds the file that it changes: the first of `KUBECONFIG` that is there, else its last; without it the one in the home folder. */
export const kubeconfigPath = (variable: string | undefined, home: string): string => {
  const files = (variable ?? '').split(':').filter((file) => file !== '')
  const isThere = (file: string): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined
  return files.find(isThere) ?? files.at(-1) ?? join(home, '.kube', 'config')
}

const mergedText = (present: string, access: Access, context: string): E.Either<string, string> => {
  const document = parseDocument(present)
  const [problem] = document.errors
  if (problem !== undefined) return E.left(`it is no YAML: ${problem.message.split('\n')[0]}`)
  if (!isMap(document.contents)) return E.left('it is no kubeconfig')
  for (const [list, entry] of Object.entries(kubeconfigEntries(access, context))) {
    const entries = document.get(list) ?? null
    if (entries === null) document.set(list, document.createNode([entry]))
    else if (!isSeq(entries)) return E.left(`its ${list} are no list`)
    else {
      const place = entries.items.findIndex((item) => isMap(item) && item.get('name') === entry.name)
      entries.set(place < 0 ? entries.items.length : place, document.createNode(entry))
      entries.flow = false
    }
  }
  if (!document.get('current-context')) document.set('current-context', context)
  if (!document.has('apiVersion')) document.set('apiVersion', 'v1')
  if (!document.has('kind')) document.set('kind', 'Config')
  return E.right(document.toString())
}
