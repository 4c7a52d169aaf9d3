import { type FieldErrors, invalid, invalidFor, required, tooLong, when } from '../field-error.ts'
import { configKey } from '../validation/names.ts'
import { bytesOf, decodedLength, immutableErrors, textsAt, valuesBytesMax } from './config-map.ts'
import type { StoredForm, StoredKind } from './stored-kind.ts'

/** What only some may read. Its values are not in the log. */
export const secret: StoredKind = {
  resource: 'secrets',
  apiVersion: 'v1',
  kind: 'Secret',
  isSealed: true,
  withDefaults: ({ stringData, data, ...form }) => {
    const encoded = new Map(Object.entries(textsAt(stringData)).map(([key, text]) => [key, base64Of(text)]))
    const all: Texts = { ...textsAt(data), ...Object.fromEntries(encoded) }
    return { ...form, ...(Object.keys(all).length === 0 ? {} : { data: all }), type: form['type'] ?? 'Opaque' }
  },
  validate: (object) => {
    const data = textsAt(object['data'])
    return [
      ...Object.keys(data).flatMap((key) => invalidFor(`data[${key}]`, key, configKey(key))),
      ...when(bytesOf(data, decodedLength) > valuesBytesMax, tooLong('data', valuesBytesMax)),
      ...typeErrors(object, data),
    ]
  },
  validateChange: (next, present) => [
    ...when(next['type'] !== present['type'], invalid('type', next['type'], 'field is immutable')),
    ...(present['immutable'] === true ? immutableErrors(next, present, ['data']) : []),
  ],
}

type Texts = Readonly<Record<string, string>>

/** What a Secret of a type that Kubernetes knows has to hold. */
const typeErrors = (object: StoredForm, data: Readonly<Record<string, string>>): FieldErrors => {
  const lacks = (key: string): boolean => data[key] === undefined
  switch (object['type']) {
    case 'kubernetes.io/service-account-token': {
      const { annotations = {} } = object.metadata ?? {}
      const name = 'kubernetes.io/service-account.name'
      return when(!annotations[name], required(`metadata.annotations[${name}]`))
    }
    case 'kubernetes.io/dockercfg':
      return jsonErrors(data, '.dockercfg')
    case 'kubernetes.io/dockerconfigjson':
      return jsonErrors(data, '.dockerconfigjson')
    case 'kubernetes.io/basic-auth':
      return when(lacks('username') && lacks('password'), required('data[username]'), required('data[password]'))
    case 'kubernetes.io/ssh-auth':
      return when(!data['ssh-privatekey'], required('data[ssh-privatekey]'))
    case 'kubernetes.io/tls':
      return ['tls.crt', 'tls.key'].flatMap((key) => when(lacks(key), required(`data[${key}]`)))
    default:
      return []
  }
}

const jsonErrors = (data: Readonly<Record<string, string>>, key: string): FieldErrors => {
  const text = data[key]
  if (text === undefined) return [required(`data[${key}]`)]
  try {
    JSON.parse(atob(text))
    return []
  } catch {
    return [invalid(`data[${key}]`, '<secret contents redacted>', 'invalid character looking for beginning of value')]
  }
}

/** A text as base64 of its UTF-8. */
const base64Of = (text: string): string =>
  btoa([...new TextEncoder().encode(text)].map((byte) => String.fromCharCode(byte)).join(''))
