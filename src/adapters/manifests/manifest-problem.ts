/** Why a file is not a Job that can be run: in which file, on which line (from 1), at which field, where these are known. */
export type ManifestProblem = {
  readonly file: string
  readonly line?: number
  readonly field?: string
  readonly reason: string
}

/** One line: `job.yaml:7: spec.parallelism: Invalid value: -1: must be greater than or equal to 0`. */
export const renderProblem = ({ file, line, field, reason }: ManifestProblem): string =>
  [line === undefined ? file : `${file}:${line}`, ...(field ? [oneLine(field)] : []), oneLine(reason)].join(': ')

/** Manifests can hold anything; what is quoted of them must not move the cursor or fill the screen. */
const oneLine = (text: string): string => {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
    .trim()
  return line.length > lineLengthMax ? `${line.slice(0, lineLengthMax)}…` : line
}

/** Room for the longest text of the API and the value it is about. */
const lineLengthMax = 1000
