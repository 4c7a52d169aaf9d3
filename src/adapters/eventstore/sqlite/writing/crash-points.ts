/** Places in a commit where a test may let the process die; `between-inserts` is passed behind each row. */
export type CrashPoint = 'before-begin' | 'between-inserts' | 'before-commit' | 'after-commit'

/** `spec` is such as `before-commit:3`: the process kills itself when it comes to that place for the third time (no number: the first). */
export const crashPoints = (spec: string | null): ((place: CrashPoint) => void) => {
  if (spec === null) return () => {}
  const [wanted, count = '1'] = spec.split(':')
  let left = Number(count)
  return (place) => {
    if (place === wanted && --left === 0) process.kill(process.pid, 'SIGKILL')
  }
}
