import { createHmac } from 'node:crypto'
import type { SecretVault } from '../../application/ports/secret-vault.ts'
import { E } from '../../prelude.ts'

/** A vault that ends with the process. */
export const inMemoryVault = (): SecretVault => {
  const texts = new Map<string, string>()
  const confirmed = new Set<string>()
  const digest = (value: string): string => createHmac('sha256', 'in memory').update(value).digest('hex')
  return {
    keep: async (owner, text, parts) => {
      const reference = digest(`${owner}\n${text}`)
      texts.set(reference, text)
      const digests = Object.fromEntries(Object.entries(parts).map(([key, value]) => [key, digest(value)]))
      return E.right({ reference, digests })
    },
    confirm: async (reference) => void confirmed.add(reference),
    kept: () => [...texts.keys()].map((reference) => ({ reference, isConfirmed: confirmed.has(reference) })),
    read: (reference) => texts.get(reference) ?? null,
    forget: async (reference) => {
      texts.delete(reference)
      confirmed.delete(reference)
    },
  }
}
