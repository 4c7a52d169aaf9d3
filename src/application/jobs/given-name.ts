import { generatedName, nameSuffix } from '../../domain/kubernetes/generated-name.ts'
import type { ObjectMeta } from '../../domain/kubernetes/job-object.ts'
import type { Entropy } from '../ports/entropy.ts'

/** The manifest with its own name, or with one made from its `generateName` that is not taken. */
export const withGivenName = <Manifest extends { readonly metadata: ObjectMeta }>(
  manifest: Manifest,
  entropy: Entropy,
  isTaken: (namespace: string, name: string) => boolean,
): Manifest => {
  const { namespace, name, generateName = '' } = manifest.metadata
  if (name !== '') return manifest
  for (let tries = 1; ; tries += 1) {
    const chosen = generatedName(generateName, nameSuffix(entropy.digest(entropy.uuid())))
    if (tries === nameTriesMax || !isTaken(namespace, chosen))
      return { ...manifest, metadata: { ...manifest.metadata, name: chosen } }
  }
}

/** As often as an API server tries. */
const nameTriesMax = 8
