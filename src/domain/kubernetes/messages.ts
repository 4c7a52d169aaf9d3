import { messages } from './messages.generated.ts'

/** A definition of the schema as a message of protobuf. */
export type Message = {
  /** `io.k8s.api.batch.v1`. */
  readonly home: string
  /** What stands under a number: a field, or a message whose fields are those of this one. */
  readonly members: ReadonlyMap<number, MessageField | Message>
  /** All fields, those of the messages within among them. */
  readonly fields: ReadonlyMap<string, MessageField>
}

export type MessageField = { readonly name: string; readonly presence: Presence }

/** When Kubernetes shows a field: always, when it was set to whatever value, or when it is neither empty nor 0 nor false. */
export type Presence = 'Always' | 'WhenSet' | 'WhenNotEmpty'

/** The message of a definition; undefined for one whose numbers are not known. */
export const messageOf = (definition: string): Message | undefined => {
  const known = read.get(definition)
  if (known !== undefined) return known
  const home = homes.find((one) => Object.hasOwn(messages[one] ?? {}, definition))
  if (home === undefined) return undefined
  const members = Object.entries(messages[home]?.[definition] ?? {}).map(([number, text]) => {
    const within = text.startsWith('<') ? messageOf(text.slice(1, -1)) : undefined
    return [Number(number), within ?? fieldOf(text)] as const
  })
  const fields = members.flatMap(([, member]) => ('members' in member ? [...member.fields.values()] : [member]))
  const message = { home, members: new Map(members), fields: new Map(fields.map((field) => [field.name, field])) }
  read.set(definition, message)
  return message
}

const homes = Object.keys(messages)

/** Each is read once. */
const read = new Map<string, Message>()

const fieldOf = (text: string): MessageField => {
  const presence = presences[text.at(-1) ?? '']
  return presence === undefined ? { name: text, presence: 'WhenNotEmpty' } : { name: text.slice(0, -1), presence }
}

const presences: Readonly<Record<string, Presence>> = { '!': 'Always', '?': 'WhenSet' }
