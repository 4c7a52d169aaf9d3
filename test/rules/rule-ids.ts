import { checklist } from './ids/checklist.ts'
import { endingRules } from './ids/endings.ts'
import { objectRules } from './ids/objects.ts'
import { surroundingRules } from './ids/surroundings.ts'
import { syncRules } from './ids/sync.ts'

/** Every rule of the behaviour of Jobs and CronJobs that a test title may cite, in one short sentence. */
export const rules: Readonly<Record<string, string>> = {
  ...objectRules,
  ...syncRules,
  ...endingRules,
  ...surroundingRules,
}

export { checklist }
