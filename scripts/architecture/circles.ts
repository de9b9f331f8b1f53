/** The files that each file imports. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>

/**
 * One circle of imports for each group of files that reach each other: the shortest through one of them, which is both its first
 * and its last element. When it is broken, the group may still contain others.
 */
export function findCircles(graph: ImportGraph): string[][] {
  const circles: string[][] = []
  const done = new Set<string>()
  for (const file of [...graph.keys()].sort()) {
    if (done.has(file)) continue
    const circle = shortestCircle(graph, file)
    if (circle === undefined) continue
    circles.push(circle)
    const reached = reachedFrom(graph, file)
    for (const other of reached) if (reachedFrom(graph, other).has(file)) done.add(other)
  }
  return circles
}

function reachedFrom(graph: ImportGraph, start: string): Set<string> {
  const reached = new Set<string>()
  const waiting = [start]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const next of graph.get(file) ?? []) {
      if (reached.has(next)) continue
      reached.add(next)
      waiting.push(next)
    }
  }
  return reached
}

/** The shortest way from a file back to itself. */
function shortestCircle(graph: ImportGraph, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>()
  let front = [start]
  while (front.length > 0) {
    const nextFront: string[] = []
    for (const file of front) {
      for (const next of graph.get(file) ?? []) {
        if (next === start) return [...path(cameFrom, start, file), start]
        if (cameFrom.has(next)) continue
        cameFrom.set(next, file)
        nextFront.push(next)
      }
    }
    front = nextFront
  }
  return undefined
}

function path(cameFrom: ReadonlyMap<string, string>, start: string, end: string): string[] {
  const files = [end]
  while (files[0] !== start) files.unshift(cameFrom.get(files[0]!)!)
  return files
}
