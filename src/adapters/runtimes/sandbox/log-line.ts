/** One record of a container's log. `full`: the container ended the line here; else the text goes on in the next record. */
export type LogLine = {
  readonly time: string
  readonly stream: 'stdout' | 'stderr'
  readonly full: boolean
  readonly text: string
}

/** Reads `<RFC 3339 time> stdout|stderr F|P <text>`; absent when the line is something else (cut off by a crash). */
export const parseLogLine = (line: string): LogLine | undefined => {
  const match = /^(\S{1,40}) (stdout|stderr) ([FP]) /.exec(line)
  const [head, time, stream, tag] = match ?? []
  if (head === undefined || time === undefined || (stream !== 'stdout' && stream !== 'stderr')) return undefined
  return { time, stream, full: tag === 'F', text: line.slice(head.length) }
}

/** What stands before the text of a record. */
export const logLineHead = (time: string, stream: LogLine['stream'], full: boolean): string =>
  `${time} ${stream} ${full ? 'F' : 'P'} `

/** RFC 3339 in UTC with nine digits of a second, from epoch milliseconds with fractions. */
export const nanoTime = (ms: number): string => {
  const whole = Math.floor(ms)
  const micros = Math.floor((ms - whole) * 1000)
  return `${new Date(whole).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}000Z`
}
