import { E } from '../../../prelude.ts'

/** Where an EventStoreDB is, as its client reads it, and as people may see it: without the password. */
export type Address = { readonly connectionString: string; readonly shown: string }

/**
 * Reads `esdb://user:password@host:2113,host2:2113?tlsCAFile=…`. `kurrentdb://` and `kurrent://` mean the same, and `+discover` behind any of
 * them asks DNS for the nodes. Refused with a sentence.
 */
export const addressOf = (text: string): E.Either<string, Address> => {
  const match = /^(esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\/(.+)$/.exec(text.trim())
  const rest = match?.[3]
  if (match === null || rest === undefined)
    return E.left('an EventStoreDB is named by a connection string: esdb://user:password@host:2113?tls=true')
  const connectionString = `esdb${match[2] ?? ''}://${rest}`
  return E.right({ connectionString, shown: `${match[1]}${match[2] ?? ''}://${rest.replace(/^[^@/?]*@/, '')}` })
}

/** Whether the text names an EventStoreDB rather than a folder. */
export const isAddress = (text: string): boolean => /^(esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\//.test(text.trim())
