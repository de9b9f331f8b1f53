import { formatCount } from './numbers.ts'
import type { AirportDelays } from './topics.ts'

const ROWS = 10

/** The airports with the most flights, and those with the largest mean delay, as text. */
export function resultTables(states: ReadonlyMap<string, AirportDelays>): string {
  const airports = [...states].filter(([, { flights }]) => flights > 0).map(([code, state]) => ({ code, ...state }))
  const inAll = airports.reduce((total, { flights }) => total + flights, 0)
  // The mean of only a few flights says little.
  const atLeast = Math.max(10, Math.round(inAll / 3000))
  const busiest = [...airports].sort((a, b) => b.flights - a.flights || compare(a.code, b.code))
  const mostDelayed = airports
    .filter(({ flights }) => flights >= atLeast)
    .sort((a, b) => mean(b) - mean(a) || compare(a.code, b.code))
  return [
    'Busiest airports',
    table(busiest.slice(0, ROWS)),
    '',
    `Most delayed airports, of those with ${formatCount(atLeast)} flights or more`,
    table(mostDelayed.slice(0, ROWS)),
  ].join('\n')
}

type Row = AirportDelays & { readonly code: string }

function table(airports: readonly Row[]): string {
  if (airports.length === 0) return '  (none)'
  const rows = airports.map((row) => [
    row.code,
    row.name ?? '',
    formatCount(row.flights),
    `${mean(row).toFixed(1)} min`,
    percent(row),
  ])
  const cells = [['code', 'name', 'flights', 'mean delay', '15 min or more'], ...rows]
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  return cells
    .map((row) => `  ${row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')}`)
    .join('\n')
}

const mean = ({ delaySum, flights }: AirportDelays): number => delaySum / flights
const percent = ({ late, flights }: AirportDelays): string => `${((late * 100) / flights).toFixed(0)}%`
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
