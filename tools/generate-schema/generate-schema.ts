/**
 * Writes schema.generated.ts and messages.generated.ts in src/domain/kubernetes from the unpacked npm package
 * @kubernetes/client-node, and from field-numbers.txt.
 *
 *   npm pack @kubernetes/client-node@2.0.1 && tar xzf kubernetes-client-node-2.0.1.tgz
 *   node tools/generate-schema/generate-schema.ts package
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fieldsWithoutNumber, readFieldNumbers, renderedMessages } from './field-numbers.ts'

type Attribute = { readonly baseName: string; readonly type: string; readonly format: string }
export type Definition = {
  readonly fields: ReadonlyArray<readonly [name: string, type: string]>
  readonly required: ReadonlyArray<string>
}

/** What the API serves, and what clients send along with it. */
const roots = [
  ...['V1CronJob', 'V1Job', 'V1Pod', 'V1Namespace', 'V1Node', 'V1ConfigMap', 'V1Secret', 'V1ServiceAccount'],
  ...['V1Service', 'CoreV1Event', 'EventsV1Event', 'V1Lease', 'V1Binding', 'V1Eviction', 'V1Scale'],
  ...['AuthenticationV1TokenRequest', 'V1TokenReview', 'V1SelfSubjectReview', 'V1SelfSubjectAccessReview'],
  ...['V1SubjectAccessReview', 'V1LocalSubjectAccessReview', 'V1SelfSubjectRulesReview'],
  ...['V1DeleteOptions', 'V1Status'],
]

/** The models say `string` for quantities; these fields are the quantities among them. */
const quantities = new Set([
  'EmptyDirVolumeSource.sizeLimit',
  'ResourceFieldSelector.divisor',
  'ResourceRequirements.limits',
  'ResourceRequirements.requests',
  'VolumeResourceRequirements.limits',
  'VolumeResourceRequirements.requests',
  'PodSpec.overhead',
  'PodStatus.allocatedResources',
  'ContainerStatus.allocatedResources',
  'NodeAllocatableResourceClaimStatus.resources',
  'NodeStatus.allocatable',
  'NodeStatus.capacity',
])

const folder = process.argv[2]
if (folder === undefined) {
  console.error('usage: node tools/generate-schema/generate-schema.ts PACKAGE_FOLDER')
  process.exit(1)
}

const definitions = new Map<string, Definition>()
const waiting = [...roots]
for (let model = waiting.pop(); model !== undefined; model = waiting.pop()) {
  const name = kubernetesName(model)
  if (definitions.has(name)) continue
  const required = requiredFields(model)
  const fields = attributesOf(model).map((attribute) => {
    const referred = /\b((?:Core|Events|Authentication)?V1\w+)/.exec(attribute.type)?.[1]
    if (referred !== undefined && referred !== 'V1MicroTime') waiting.push(referred)
    return [attribute.baseName, fieldType(name, attribute)] as const
  })
  definitions.set(name, { fields, required })
}

const numbers = readFieldNumbers(definitions)
const target = join(import.meta.dirname, '../../src/domain/kubernetes')
writeFileSync(join(target, 'schema.generated.ts'), rendered(definitions, specVersion()))
writeFileSync(join(target, 'messages.generated.ts'), renderedMessages(numbers))
console.log(`${definitions.size} definitions written to ${target}`)
console.log(`fields without a number: ${fieldsWithoutNumber(definitions, numbers).join(', ')}`)

function attributesOf(model: string): ReadonlyArray<Attribute> {
  const source = readFileSync(modelFile(model, 'js'), 'utf8')
  const map = /attributeTypeMap = (\[.*?\n?\]);/s.exec(source)?.[1]
  if (map === undefined) throw new Error(`${model} has no attributeTypeMap`)
  return JSON.parse(map) as ReadonlyArray<Attribute>
}

/** In the typings a required field is the one without a question mark. */
function requiredFields(model: string): ReadonlyArray<string> {
  const source = readFileSync(modelFile(model, 'd.ts'), 'utf8')
  return [...source.matchAll(/^ {4}'(\w+)': /gm)].map(([, field]) => field as string)
}

function fieldType(owner: string, { baseName, type, format }: Attribute): string {
  const item = /^Array<(.*)>$/.exec(type)?.[1]
  if (item !== undefined) return `[]${fieldType(owner, { baseName, type: item, format })}`
  const value = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1]
  if (value !== undefined) return `map[string]${fieldType(owner, { baseName, type: value, format })}`
  switch (type) {
    case 'string':
      if (format === 'byte') return 'bytes'
      return quantities.has(`${owner}.${baseName}`) ? 'quantity' : 'string'
    case 'number':
      return format
    case 'boolean':
      return 'boolean'
    case 'Date':
      return 'time'
    case 'V1MicroTime':
      return 'microTime'
    case 'IntOrString':
      return 'intOrString'
    case 'any':
      return 'any'
    default:
      return kubernetesName(type)
  }
}

/** Only the newer of the two kinds of events keeps the name of its group. */
function kubernetesName(model: string): string {
  return model.replace(/^(?:Core|Authentication)?V1|^(Events)V1/, '$1')
}

function modelFile(model: string, extension: string): string {
  return join(folder as string, 'dist/gen/models', `${model}.${extension}`)
}

function specVersion(): string {
  const source = readFileSync(modelFile('V1Job', 'js'), 'utf8')
  return /OpenAPI spec version: (\S+)/.exec(source)?.[1] ?? 'unknown'
}

function rendered(all: ReadonlyMap<string, Definition>, version: string): string {
  const lines = [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, definition]) => `  ${name}: ${renderedDefinition(definition)},`)
  return [
    `// Generated by tools/generate-schema from the Kubernetes models of ${version}. Do not edit.`,
    '',
    '/** Every object that the API serves or takes, with all that they name: the fields, each with its type in the notation of `schema.ts`. */',
    'export const definitions = {',
    ...lines,
    '} as const',
    '',
  ].join('\n')
}

function renderedDefinition({ fields, required }: Definition): string {
  const list = fields.map(([name, type]) => `${name.startsWith('$') ? `'${name}'` : name}: '${type}'`).join(', ')
  return `{ fields: { ${list} }, required: [${required.map((field) => `'${field}'`).join(', ')}] }`
}
