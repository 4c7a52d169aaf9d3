import { type FieldErrors, invalid, invalidFor, notSupported, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { dnsLabel, dnsSubdomain, ipAddress } from './names.ts'

/** How a Pod is called and how it looks others up. */
export const dns = (at: string, spec: Shape<'PodSpec'>): FieldErrors => [
  ...hostname(`${at}.hostname`, spec.hostname),
  ...hostname(`${at}.subdomain`, spec.subdomain),
  ...when(
    !dnsPolicies.includes(spec.dnsPolicy ?? ''),
    notSupported(`${at}.dnsPolicy`, spec.dnsPolicy ?? '', dnsPolicies),
  ),
  ...dnsConfig(`${at}.dnsConfig`, spec),
  ...(spec.hostAliases ?? []).flatMap(({ ip = '', hostnames = [] }, index) => [
    ...address(`${at}.hostAliases[${index}].ip`, ip),
    ...hostnames.flatMap((name, nameIndex) =>
      invalidFor(`${at}.hostAliases[${index}].hostnames[${nameIndex}]`, name, dnsSubdomain(name)),
    ),
  ]),
]

const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const nameserversMax = 3

const hostname = (at: string, name: string | undefined): FieldErrors => {
  if (!name) return []
  return invalidFor(at, name, dnsLabel(name))
}

const dnsConfig = (at: string, { dnsPolicy, dnsConfig: config }: Shape<'PodSpec'>): FieldErrors => {
  const none = dnsPolicy === 'None'
  if (config === undefined) return when(none, required(at, 'must provide `dnsConfig` when `dnsPolicy` is None'))
  const { nameservers = [], searches = [], options = [] } = config
  return [
    ...when(
      none && nameservers.length === 0,
      required(`${at}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'),
    ),
    ...when(
      nameservers.length > nameserversMax,
      invalid(`${at}.nameservers`, nameservers, 'must not have more than 3 nameservers'),
    ),
    ...nameservers.flatMap((server, index) => address(`${at}.nameservers[${index}]`, server)),
    ...searches.flatMap((search, index) => searchDomain(`${at}.searches[${index}]`, search)),
    ...options.flatMap(({ name }, index) => when(!name, required(`${at}.options[${index}]`, 'must not be empty'))),
  ]
}

/** A search domain is a subdomain that may end in a dot and may have underscores. */
const searchDomain = (at: string, search: string): FieldErrors => {
  const name = search.endsWith('.') && search !== '.' ? search.slice(0, -1) : search
  if (name === '.') return []
  return when(
    !name.split('.').every((part) => /^[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?$/.test(part)),
    invalid(at, search, searchDomainText),
  )
}

const searchDomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character or '_' (e.g. 'example.com', regex used for validation is '[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?(\\.[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?)*')"

const address = (at: string, ip: string): FieldErrors =>
  hasLeadingZero(ip) ? [invalid(at, ip, 'must not have leading 0s')] : invalidFor(at, ip, ipAddress(ip))

const hasLeadingZero = (ip: string): boolean => {
  const parts = ip.split('.')
  return (
    parts.length === 4 && parts.every((part) => /^[0-9]{1,3}$/.test(part)) && parts.some((part) => /^0[0-9]/.test(part))
  )
}
