import type { Container } from '../../../domain/kubernetes/pod-spec.ts'

type ResourceFieldRef = { readonly resource: string; readonly divisor?: string }

/**
 * The number a `resourceFieldRef` stands for: the container's limit or request divided by the divisor, rounded up. Without a
 * limit for CPU or memory `node allocatable`; `0` for any other that is not set.
 */
export const resourceFieldValue = ({ resource, divisor }: ResourceFieldRef, container: Container): string => {
  const [list = '', ...names] = resource.split('.')
  const quantities = list === 'limits' ? container.resources?.limits : container.resources?.requests
  const amount = quantityAmount(quantities?.[names.join('.')] ?? '0')
  const unit = quantityAmount(divisor ?? '1') || 1
  const value = Math.ceil(amount / unit)
  return value === 0 && (resource === 'limits.cpu' || resource === 'limits.memory') ? 'node allocatable' : `${value}`
}

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** What a Kubernetes quantity amounts to; 0 for a text that is none. */
export const quantityAmount = (quantity: string): number => {
  const [, number, suffix = ''] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(quantity) ?? []
  return number === undefined ? 0 : Number(number) * (factors[suffix] ?? 0)
}
