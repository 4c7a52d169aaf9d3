import type { ApiFailure, ApiObject, Resource } from '../../../application/api/resource.ts'
import { generatedName, nameSuffix } from '../../../domain/kubernetes/generated-name.ts'
import { E } from '../../../prelude.ts'
import { type ApiAnswer, statusAnswer } from '../answer.ts'
import { apiKinds, groupVersion } from '../api-kind.ts'
import { bodyObject, metadataOf, textOf } from '../body/body-object.ts'
import type { JsonObject } from '../body/decode-object.ts'
import { askedBy, type Call } from '../call.ts'
import { createdByWriter } from '../managers.ts'
import { type WriteOptions, writeOptions } from '../options/write-options.ts'
import {
  alreadyExists,
  badRequest,
  forbidden,
  internalError,
  noNameGenerated,
  objectNotFound,
  type Status,
  statusOfFailure,
} from '../status.ts'
import { objectAnswer } from './get.ts'

/** POST to a collection. A name is generated where one is asked for, again as long as it is taken. */
export const createObject = async (
  call: Call,
  create: NonNullable<Resource['create']>,
  namespace: string,
): Promise<ApiAnswer> => {
  const { kind } = call
  const options = writeOptions('CreateOptions', call.request.query)
  if (E.isLeft(options)) return statusAnswer(options.left)
  const body = bodyObject(call, kind, options.right)
  if (E.isLeft(body)) return body.left
  const sent = { ...body.right.value, apiVersion: groupVersion(kind), kind: kind.kind }
  return createAs(
    call,
    create,
    namespace,
    createdByWriter(call, options.right, sent),
    options.right,
    body.right.warnings,
  )
}

/** Creates what was sent, past its reading. */
export const createAs = async (
  call: Call,
  create: NonNullable<Resource['create']>,
  namespace: string,
  sent: JsonObject,
  { dryRun }: WriteOptions,
  findings: ReadonlyArray<string> = [],
): Promise<ApiAnswer> => {
  const { kind } = call
  const warnings = [...findings]
  const refuse = (status: Status): ApiAnswer => statusAnswer(status, warnings)
  const metadata = metadataOf(sent)
  const refusal = refusalOf(call, metadata, namespace)
  if (refusal !== null) return refuse(refusal)

  const given = textOf(metadata['name'])
  const base = textOf(metadata['generateName'])
  const triesMax = given === '' && base !== '' ? nameTriesMax : 1
  for (let tries = 1; ; tries += 1) {
    const name = triesMax === 1 ? given : generatedName(base, nameSuffix(call.entropy.digest(call.entropy.uuid())))
    const object = { ...sent, metadata: { ...metadata, name, ...(kind.isNamespaced ? { namespace } : {}) } }
    const told: string[] = []
    const created = await create(namespace, object, askedBy(call, told, dryRun))()
    if (E.isRight(created)) return objectAnswer(call, 201, asStored(created.right, dryRun), [...warnings, ...told])
    const isTaken = created.left._tag === 'AlreadyExists' && triesMax > 1
    if (isTaken && tries === triesMax) return refuse(noNameGenerated(kind, name))
    if (!isTaken) return refuse(statusOfCreation(call, namespace, name, created.left))
  }
}

/** A name is also taken by what is about to go. */
const statusOfCreation = ({ kind, resource }: Call, namespace: string, name: string, failure: ApiFailure): Status => {
  const present = failure._tag === 'AlreadyExists' ? resource.get(namespace, name) : null
  return present !== null && isTerminating(present)
    ? alreadyExists(kind, name, 'object is being deleted: ')
    : statusOfFailure(kind, name, failure, 'create')
}

/** As often as an API server tries. */
const nameTriesMax = 8

/** What speaks against the creation before the resource is asked. */
const refusalOf = (call: Call, metadata: JsonObject, namespace: string): Status | null => {
  const own = textOf(metadata['namespace'])
  if (own !== '' && own !== namespace) return badRequest(otherNamespace)
  if (call.kind.isNamespaced) {
    const home = call.namespaces?.get('', namespace)
    if (home === null) return objectNotFound(apiKinds.namespaces, namespace)
    if (home !== undefined && isTerminating(home))
      return forbidden(
        call.kind,
        textOf(metadata['name']),
        `unable to create new content in namespace ${namespace} because it is being terminated`,
        [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${namespace} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      )
  }
  return textOf(metadata['resourceVersion']) === ''
    ? null
    : internalError('resourceVersion should not be set on objects to be created')
}

export const otherNamespace = 'the namespace of the provided object does not match the namespace sent on the request'

const isTerminating = ({ metadata }: ApiObject): boolean => 'deletionTimestamp' in metadata

/** What is not recorded has no version. */
const asStored = (object: ApiObject, isDryRun: boolean): ApiObject => {
  const { resourceVersion: _, ...metadata } = object.metadata
  return isDryRun ? { ...object, metadata } : object
}
