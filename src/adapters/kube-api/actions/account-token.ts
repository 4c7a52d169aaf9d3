import type { FieldErrors } from '../../../domain/kubernetes/field-error.ts'
import { invalid } from '../../../domain/kubernetes/field-error.ts'
import { E } from '../../../prelude.ts'
import { kubernetesTime } from '../../../projections/time.ts'
import { ownAudience } from '../access/user.ts'
import { type AccountTokens, boundKinds, type TokenWish } from '../accounts/account-tokens.ts'
import { jsonAnswer, statusAnswer } from '../answer.ts'
import { apiKinds } from '../api-kind.ts'
import { bodyObject, metadataOf, textOf } from '../body/body-object.ts'
import { isObject, type JsonObject } from '../body/decode-object.ts'
import type { AnswerAction, ServedResources } from '../call.ts'
import { writeOptions } from '../options/write-options.ts'
import { badRequest, conflict, invalidObject, objectNotFound, type Status } from '../status.ts'

/** POST to `serviceaccounts/<name>/token`: a token with which clients ask as that account. */
export const accountToken =
  (ports: { readonly accounts: AccountTokens; readonly resources: ServedResources }): AnswerAction =>
  (call, { namespace, name, action }) => {
    const options = writeOptions('CreateOptions', call.request.query)
    if (E.isLeft(options)) return statusAnswer(options.left)
    const body = bodyObject(call, action.body, options.right)
    if (E.isLeft(body)) return body.left
    const { value, warnings } = body.right
    const metadata = metadataOf(value)
    const strange = misplaced(metadata, namespace, name)
    if (strange.length > 0) return statusAnswer(invalidObject(action.body, name, strange))
    const uid = call.resource.get(namespace, name)?.metadata.uid
    if (uid === undefined) return statusAnswer(objectNotFound(call.kind, name))
    const meant = textOf(metadata['uid'])
    if (meant !== '' && meant !== uid)
      return statusAnswer(
        conflict(
          'TokenRequest.authentication.k8s.io',
          name,
          `the UID in the token request (${meant}) does not match the UID of the service account (${uid})`,
          { name, group: action.body.group, kind: 'TokenRequest' },
        ),
      )
    const spec = isObject(value['spec']) ? value['spec'] : {}
    const audiences = Array.isArray(spec['audiences']) ? spec['audiences'].map(textOf) : []
    const seconds = typeof spec['expirationSeconds'] === 'number' ? spec['expirationSeconds'] : usualSeconds
    const errors = durationErrors(seconds)
    if (errors.length > 0) return statusAnswer(invalidObject(action.body, '', errors))
    const bound = boundTo(spec['boundObjectRef'], { namespace, name }, ports.resources)
    if (E.isLeft(bound)) return statusAnswer(bound.left)
    const wish: TokenWish = {
      ...{ namespace, name, uid, seconds },
      audiences: audiences.length === 0 ? [ownAudience] : audiences,
      bound: bound.right,
    }
    const { token, issuedAt, expiresAt } = ports.accounts.issue(wish)
    return jsonAnswer(
      201,
      {
        kind: action.body.kind,
        apiVersion: `${action.body.group}/${action.body.version}`,
        metadata: { ...metadata, name, namespace, creationTimestamp: kubernetesTime(issuedAt) },
        spec: {
          audiences: wish.audiences,
          expirationSeconds: seconds,
          boundObjectRef: spec['boundObjectRef'] ?? null,
        },
        status: { token, expirationTimestamp: kubernetesTime(expiresAt) },
      },
      warnings,
    )
  }

const usualSeconds = 3600

const misplaced = (metadata: JsonObject, namespace: string, name: string): FieldErrors => {
  const differs = (field: string, wanted: string): boolean => ![wanted, ''].includes(textOf(metadata[field]))
  const told = (field: string) =>
    invalid(`metadata.${field}`, metadata[field], `must match the service account ${field} if specified`)
  if (differs('name', name)) return [told('name')]
  return differs('namespace', namespace) ? [told('namespace')] : []
}

const durationErrors = (seconds: number): FieldErrors => {
  const told = (detail: string) => [invalid('spec.expirationSeconds', seconds, detail)]
  if (seconds < 600) return told('may not specify a duration less than 10 minutes')
  return seconds > 2 ** 32 ? told('may not specify a duration larger than 2^32 seconds') : []
}

/** What the token is to end with. */
const boundTo = (
  reference: unknown,
  account: { readonly namespace: string; readonly name: string },
  resources: ServedResources,
): E.Either<Status, TokenWish['bound']> => {
  if (!isObject(reference)) return E.right(null)
  const apiVersion = textOf(reference['apiVersion'])
  const name = textOf(reference['name'])
  const meant = textOf(reference['uid'])
  const kind = boundKinds.find((one) => one === reference['kind'])
  if (kind === undefined || (apiVersion !== 'v1' && apiVersion !== ''))
    return E.left(
      badRequest(`cannot bind token to object of type ${withGroup(apiVersion)}, Kind=${textOf(reference['kind'])}`),
    )
  const plural = pluralOf[kind]
  const found = resources[plural]?.get(kind === 'Node' ? '' : account.namespace, name) ?? null
  const uid = found?.metadata.uid
  if (found === null || uid === undefined) return E.left(objectNotFound(apiKinds[plural], name))
  if (kind === 'Pod' && accountOf(found) !== account.name)
    return E.left(
      badRequest(
        `cannot bind token for serviceaccount ${JSON.stringify(account.name)} to pod running with different serviceaccount name.`,
      ),
    )
  if (meant !== '' && meant !== uid)
    return E.left(
      conflict(
        kind,
        name,
        `the UID in the bound object reference (${meant}) does not match the UID in record. The object might have been deleted and then recreated`,
        { name, kind },
      ),
    )
  return E.right({ kind, name, uid })
}

/** As Go prints it: the core group has no name before the slash. */
const withGroup = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion : `/${apiVersion}`)

const pluralOf = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' } as const

/** A Pod that names no account has that of its namespace. */
const accountOf = (pod: object): string => {
  const spec = 'spec' in pod && isObject(pod.spec) ? pod.spec : {}
  return textOf(spec['serviceAccountName']) || 'default'
}
