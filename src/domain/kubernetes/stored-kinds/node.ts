import { type FieldErrors, invalidFor, notSupported, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { labelValue, qualifiedName } from '../validation/names.ts'
import type { StoredKind } from './stored-kind.ts'

/** A place where Pods run. */
export const node: StoredKind = {
  resource: 'nodes',
  apiVersion: 'v1',
  kind: 'Node',
  hasStatus: true,
  withDefaults: (form) => ({ ...form, spec: form['spec'] ?? {}, status: form['status'] ?? {} }),
  validate: (object) => (((object['spec'] ?? {}) as Shape<'NodeSpec'>).taints ?? []).flatMap(taintErrors),
}

const taintErrors = ({ key = '', value = '', effect = '' }: Shape<'Taint'>, index: number): FieldErrors => {
  const at = `spec.taints[${index}]`
  return [
    ...invalidFor(`${at}.key`, key, qualifiedName(key)),
    ...invalidFor(`${at}.value`, value, labelValue(value)),
    ...when(effect === '', required(`${at}.effect`)),
    ...when(effect !== '' && !effects.includes(effect), notSupported(`${at}.effect`, effect, effects)),
  ]
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
