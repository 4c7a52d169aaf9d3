/** Work of which only some may be under way at once: the rest waits in line. */
export type Turns = {
  /** How many stand in line. */
  readonly waiting: () => number
  /** Resolves when it is one's turn, with what ends it. */
  readonly take: () => Promise<() => void>
}

export const turns = (atOnce: number): Turns => {
  const line: Array<() => void> = []
  let underWay = 0
  const end = (): void => {
    const next = line.shift()
    if (next === undefined) underWay -= 1
    else next()
  }
  return {
    waiting: () => line.length,
    take: async () => {
      if (underWay >= atOnce) await new Promise<void>((resolve) => void line.push(resolve))
      else underWay += 1
      return end
    },
  }
}
