/** The pull policy of an image that states none [D-9]: only the tag decides, `latest` is meant where neither tag nor digest is given. */
export const imagePullPolicyOf = (image: string): 'Always' | 'IfNotPresent' => {
  const [name = '', digest] = image.split('@', 2)
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1)
  const tag = colon === -1 ? '' : name.slice(colon + 1)
  return tag === 'latest' || (tag === '' && digest === undefined) ? 'Always' : 'IfNotPresent'
}
