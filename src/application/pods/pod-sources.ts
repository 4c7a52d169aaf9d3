import { missingAnnotation } from '../../domain/stored-object/sealed-form.ts'
import { E } from '../../prelude.ts'
import type { StoredObjectShown } from '../../projections/stored-object-view.ts'
import type { Ledger } from '../log/ledger.ts'
import { noSources, type PodSources } from '../ports/pod-sources.ts'

/** ConfigMaps and Secrets of a ledger, for the Pods that run here. */
export const podSources =
  ({ objects }: Ledger): PodSources =>
  (kind, namespace, name) => {
    const view = objects.find(`${kind}s`, namespace, name)
    const object = view === null ? null : objects.shown(view)
    if (object === null) return noSources(kind, namespace, name)
    if (object.metadata.annotations?.[missingAnnotation] !== undefined)
      return E.left({ isAbsent: false, message: `the values of secret "${name}" are not in this data folder` })
    const texts = kind === 'configmap' ? new Map(entriesOf(object, 'data')) : decodedTexts(object, 'data')
    const bytes = new Map(
      entriesOf(object, kind === 'configmap' ? 'binaryData' : 'data').map(([key, text]) => [key, bytesOf(text)]),
    )
    return E.right({ texts, bytes })
  }

const entriesOf = (object: StoredObjectShown, field: string): ReadonlyArray<readonly [string, string]> =>
  Object.entries((object[field] ?? {}) as Readonly<Record<string, string>>)

const decodedTexts = (object: StoredObjectShown, field: string): ReadonlyMap<string, string> =>
  new Map(entriesOf(object, field).map(([key, text]) => [key, new TextDecoder().decode(bytesOf(text))]))

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
