/** What Kubernetes says about names, keys and values (N-1 to N-12). Each check answers its sentences, none when all is well. */
type Check = (value: string) => ReadonlyArray<string>

const nothing: ReadonlyArray<string> = []

/** Almost every name is short and plain; only of the others it has to be said what is wrong. */
const isSurely = (pattern: RegExp, value: string): boolean => value.length <= 63 && pattern.test(value)

const plainSubdomain = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/
const plainQualifiedName = /^(?:[a-z0-9]+(?:[-.][a-z0-9]+)*\/)?[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$/
const dnsLabelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const labelValuePattern = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/

/** N-6 */
export const dnsSubdomain: Check = (value) => (isSurely(plainSubdomain, value) ? nothing : dnsSubdomainProblems(value))

const dnsSubdomainProblems: Check = (value) => [
  ...sentence(byteLength(value) > 253, 'must be no more than 253 characters'),
  ...sentence(!value.split('.').every(isDnsLabel), dnsSubdomainText),
]

/** N-7; a name that would do but for its dots is told so. */
export const dnsLabel: Check = (value) => (isSurely(dnsLabelPattern, value) ? nothing : dnsLabelProblems(value))

const dnsLabelProblems: Check = (value) => [
  ...sentence(byteLength(value) > 63, 'must be no more than 63 characters'),
  ...sentence(!isDnsLabel(value), value.split('.').every(isDnsLabel) ? 'must not contain dots' : dnsLabelText),
]

/** Label keys, condition types, gates, topology keys (N-1 to N-3). */
export const qualifiedName: Check = (value) =>
  isSurely(plainQualifiedName, value) ? nothing : qualifiedNameProblems(value)

const qualifiedNameProblems: Check = (value) => {
  const parts = value.split('/')
  if (parts.length > 2) return [manySlashesText]
  const name = parts[parts.length - 1] as string
  return [
    ...(parts.length === 2 ? prefixPart(parts[0] as string) : []),
    ...sentence(name === '', 'name part must be non-empty'),
    ...sentence(byteLength(name) > 63, 'name part must be no more than 63 bytes'),
    ...sentence(!/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name), namePartText),
  ]
}

/** N-4, N-5 */
export const labelValue: Check = (value) =>
  isSurely(labelValuePattern, value)
    ? nothing
    : [
        ...sentence(byteLength(value) > 63, 'must be no more than 63 bytes'),
        ...sentence(!labelValuePattern.test(value), labelValueText),
      ]

/** N-8 */
export const portNumber = (port: number): ReadonlyArray<string> =>
  sentence(port < 1 || port > 65535, 'must be between 1 and 65535, inclusive')

/** N-9 */
export const portName: Check = (value) => [
  ...sentence(byteLength(value) > 15, 'must be no more than 15 characters'),
  ...sentence(!/^[-a-z0-9]+$/.test(value), 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)'),
  ...sentence(!/[a-z]/.test(value), 'must contain at least one letter (a-z)'),
  ...sentence(value.includes('--'), 'must not contain consecutive hyphens'),
  ...sentence(value.startsWith('-') || value.endsWith('-'), 'must not begin or end with a hyphen'),
]

/** N-10 */
export const environmentName: Check = (value) =>
  sentence(
    !/^[ -<>-~]+$/.test(value),
    "a valid environment variable name must consist only of printable ASCII characters other than '='",
  )

/** N-11 */
export const configKey: Check = (value) => [
  ...sentence(byteLength(value) > 253, 'must be no more than 253 characters'),
  ...sentence(!/^[-._a-zA-Z0-9]+$/.test(value), configKeyText),
  ...sentence(value === '.' || value === '..', `must not be '${value}'`),
  ...sentence(value !== '..' && value.startsWith('..'), "must not start with '..'"),
]

/** N-12 */
export const relativePath: Check = (value) => [
  ...sentence(value.startsWith('/'), 'must be a relative path'),
  ...noBackSteps(value),
]

/** N-12 of a file in a volume, where a node keeps names of its own. */
export const filePath: Check = (value) => [
  ...relativePath(value),
  ...sentence(value.startsWith('..') && !value.startsWith('../'), "must not start with '..'"),
]

export const noBackSteps: Check = (value) => sentence(value.split('/').includes('..'), "must not contain '..'")

export const nonNegative = (value: number): ReadonlyArray<string> => sentence(value < 0, mustBeNonNegative)

export const mustBeNonNegative = 'must be greater than or equal to 0'

export const ipAddress: Check = (value) =>
  sentence(!isIPv4(value) && !isIPv6(value), 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')

/** How many bytes the text has in UTF-8: what Kubernetes measures where it says "characters". */
export const byteLength = (value: string): number => {
  let bytes = 0
  for (let at = 0; at < value.length; at += 1) {
    const unit = value.charCodeAt(at)
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3
    // The two halves of a pair make four bytes.
    if (isHighHalf(unit) && isLowHalf(value.charCodeAt(at + 1))) bytes -= 2
  }
  return bytes
}

const isHighHalf = (unit: number): boolean => (unit & 0xfc00) === 0xd800
const isLowHalf = (unit: number): boolean => (unit & 0xfc00) === 0xdc00

const sentence = (isSaid: boolean, text: string): ReadonlyArray<string> => (isSaid ? [text] : [])

const isDnsLabel = (value: string): boolean => dnsLabelPattern.test(value)

const prefixPart = (prefix: string): ReadonlyArray<string> =>
  prefix === ''
    ? ['prefix part must be non-empty']
    : [
        ...sentence(byteLength(prefix) > 253, 'prefix part must be no more than 253 bytes'),
        ...sentence(!prefix.split('.').every(isDnsLabel), `prefix part ${dnsSubdomainText}`),
      ]

const isIPv4 = (value: string): boolean => {
  const parts = value.split('.')
  return parts.length === 4 && parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256)
}

/** Groups of hexadecimal digits around at most one `::`, the last two possibly written as IPv4. */
const isIPv6 = (value: string): boolean => {
  const halves = value.split('::')
  if (!value.includes(':') || halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups[groups.length - 1]
  const isMixed = last !== undefined && isIPv4(last) && !value.endsWith('::')
  const size = groups.length + (isMixed ? 1 : 0)
  const plain = isMixed ? groups.slice(0, -1) : groups
  return plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? size < 8 : size === 8)
}

const namePattern =
  "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

const namePartText = `name part must ${namePattern}`

const manySlashesText = `a valid label key must ${namePattern} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`

const labelValueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

const dnsSubdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

const dnsLabelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

const configKeyText =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
