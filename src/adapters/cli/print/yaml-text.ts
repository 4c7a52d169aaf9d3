import { Document, type Pair, Scalar, visit } from 'yaml'
import { byYamlKey } from './yaml-key-order.ts'
import { escapedText, isUnsafe } from './safe-text.ts'

/**
 * A plain JSON value as YAML the way kubectl writes it: keys sorted, lists level with their key, text quoted only where it
 * would be read as something else. Long lines stay whole, which kubectl folds, and emoji are not escaped.
 */
export const yamlText = (value: unknown): string => {
  const document = new Document(value, { aliasDuplicateObjects: false, sortMapEntries: byKey })
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string') scalar.type = styleOf(scalar.value)
    },
  })
  return escapedText(document.toString({ indentSeq: false, lineWidth: 0, doubleQuotedAsJSON: true }))
}

/** Unsafe characters, and line ends at the start or after a space, are told in double quotes. */
const styleOf = (text: string): Scalar.Type => {
  if (isUnsafe(text) || /\t| \n|^\n/.test(text)) return Scalar.QUOTE_DOUBLE
  if (text.includes('\n')) return text.endsWith(' ') ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL
  if (text === '' || readAsOther.test(text)) return Scalar.QUOTE_DOUBLE
  return needsQuotes(text) ? Scalar.QUOTE_SINGLE : Scalar.PLAIN
}

/** What YAML 1.1 reads as null, merge key, boolean, integer, float, base 60 number or date. */
const readAsOther = new RegExp(
  `^(?:${[
    '~|null|Null|NULL',
    '<<',
    'y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF|true|True|TRUE|false|False|FALSE',
    '[-+]?[0-9][0-9_]*|[-+]?0b[01_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?0o[0-7_]+',
    '[-+]?(?:\\.[0-9]+|[0-9][0-9_]*(?:\\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)',
    '[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?',
    '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]| )[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\\.[0-9]+)?(?:Z|[-+][0-9:]+)?)?',
  ].join('|')})$`,
)

/** What YAML would take for a mark of its own. */
const needsQuotes = (text: string): boolean =>
  /^[\s,[\]{}#&*!|>'"%@`]/.test(text) ||
  /^[-?](?:\s|$)/.test(text) ||
  /^(?:---|\.\.\.)/.test(text) ||
  /: |:$| #| $/.test(text)

const byKey = (a: Pair, b: Pair): number => byYamlKey(keyOf(a), keyOf(b))

const keyOf = ({ key }: Pair): string => String(key instanceof Scalar ? key.value : key)
