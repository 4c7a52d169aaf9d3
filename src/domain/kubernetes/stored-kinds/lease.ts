import { invalid, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { mustBeNonNegative } from '../validation/names.ts'
import type { StoredKind } from './stored-kind.ts'

/** By which processes agree on who leads: only who has seen the present one may change it. */
export const lease: StoredKind = {
  resource: 'leases',
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  needsVersion: true,
  withDefaults: (form) => ({ ...form, spec: form['spec'] ?? {} }),
  validate: (object) => {
    const { leaseDurationSeconds, leaseTransitions, holderIdentity } = (object['spec'] ?? {}) as Shape<'LeaseSpec'>
    return [
      ...when(
        leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0,
        invalid('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0'),
      ),
      ...when(
        leaseTransitions !== undefined && leaseTransitions < 0,
        invalid('spec.leaseTransitions', leaseTransitions, mustBeNonNegative),
      ),
      ...when(holderIdentity === '', invalid('spec.holderIdentity', '', 'must not be empty')),
    ]
  },
}
