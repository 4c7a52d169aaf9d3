import { nanoOf } from './quantity.ts'
import type { Shape } from './schema.ts'

/**
 * How well a Pod is served when its node runs short: Guaranteed when each container is limited in cpu and memory and requests as
 * much, BestEffort when none requests anything, else Burstable.
 */
export const qosClass = ({
  containers = [],
  initContainers = [],
}: Pick<Shape<'PodSpec'>, 'containers' | 'initContainers'>): 'Guaranteed' | 'Burstable' | 'BestEffort' => {
  const all = [...containers, ...initContainers].map((container) => container.resources ?? {})
  if (all.every(({ limits, requests }) => asked.every((name) => isZero(limits?.[name]) && isZero(requests?.[name]))))
    return 'BestEffort'
  const isGuaranteed = all.every(({ limits = {}, requests = {} }) =>
    asked.every((name) => {
      const limit = limits[name] ?? 0
      return !isZero(limit) && nanoOf(requests[name] ?? limit) === nanoOf(limit)
    }),
  )
  return isGuaranteed ? 'Guaranteed' : 'Burstable'
}

const asked = ['cpu', 'memory']

const isZero = (amount: string | number | undefined): boolean => amount === undefined || nanoOf(amount) === 0n
