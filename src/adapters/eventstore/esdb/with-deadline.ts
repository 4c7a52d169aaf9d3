/** What `promise` comes to, or null when it takes longer than `ms`; whatever it does later is nobody's concern. */
export const withDeadline = async <A>(promise: Promise<A>, ms: number): Promise<A | null> => {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  try {
    return await Promise.race([promise, over])
  } finally {
    clearTimeout(timer)
    promise.catch(() => {})
  }
}
