/** Calls back after `ms`, however long that is (one Node timer cannot wait longer than 24.8 days). Returns how to cancel. */
export const after = (ms: number, callBack: () => void): (() => void) => {
  let timer: NodeJS.Timeout
  const wait = (left: number): void => {
    timer =
      left > longestMs ? setTimeout(() => wait(left - longestMs), longestMs) : setTimeout(callBack, Math.max(0, left))
  }
  wait(ms)
  return () => clearTimeout(timer)
}

const longestMs = 2 ** 31 - 1
