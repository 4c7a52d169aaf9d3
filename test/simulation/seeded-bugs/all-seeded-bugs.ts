import { bugsOfOwners } from './of-owners.ts'
import { bugsOfPolicies } from './of-policies.ts'
import { bugsOfRules } from './of-rules.ts'
import type { SeededBug } from './seeded-bug.ts'

export const allSeededBugs: ReadonlyArray<SeededBug> = [...bugsOfPolicies, ...bugsOfRules, ...bugsOfOwners]
