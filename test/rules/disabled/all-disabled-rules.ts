import { disabledJobRules } from './of-jobs.ts'
import { disabledPolicies } from './of-policies.ts'
import { disabledStatusRules } from './of-statuses.ts'
import { disabledSurroundings } from './of-surroundings.ts'
import { disabledSyncs } from './of-syncs.ts'
import { disabledRest } from './of-the-rest.ts'

/** Rules that are switched off one by one, to see the test of each turn red. */
export const allDisabledRules = [
  ...disabledPolicies,
  ...disabledSyncs,
  ...disabledJobRules,
  ...disabledStatusRules,
  ...disabledRest,
  ...disabledSurroundings,
]
