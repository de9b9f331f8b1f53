// The files of the npm package vega-datasets: three million US flights of 2001 as Parquet, and the airports as CSV.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { ColumnData, FileMetaData } from 'hyparquet'
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { parseCsv } from './csv.ts'

// The package exports only its entry point, build/index.js. The data is in a folder beside build.
const dataFile = (name: string): string => fileURLToPath(new URL(`../data/${name}`, import.meta.resolve('vega-datasets')))

/** The columns of the file. `date`: milliseconds of local time. `delay`: minutes, negative if early. `distance`: miles. */
interface FlightColumns {
  readonly date: number
  readonly delay: number
  readonly distance: number
  readonly origin: string
  readonly destination: string
}

/** Consecutive flights, one array per column. Entry i of each array belongs to the same flight. */
export type FlightBlock<C extends keyof FlightColumns> = { readonly rows: number } & {
  readonly [K in C]: ArrayLike<FlightColumns[K]>
}

/** The number of flights in the file. */
export async function countFlights(): Promise<number> {
  return Number((await parquetMetadataAsync(await asyncBufferFromFile(dataFile('flights-3m.parquet')))).num_rows)
}

/** Reads these columns of the first `limit` flights, in the order of the file. Reads one row group at a time, to use little memory. */
export async function* readFlights<C extends keyof FlightColumns>(
  columns: readonly C[],
  limit: number,
): AsyncGenerator<FlightBlock<C>, void, void> {
  const file = await asyncBufferFromFile(dataFile('flights-3m.parquet'))
  const metadata = await parquetMetadataAsync(file)
  let start = 0
  for (const group of metadata.row_groups) {
    if (start >= limit) return
    const end = Math.min(start + Number(group.num_rows), limit)
    const block: Record<string, unknown> = { rows: end - start }
    for (const column of columns) block[column] = await readColumn(file, metadata, column, start, end)
    yield block as FlightBlock<C>
    start = end
  }
}

async function readColumn(
  file: Awaited<ReturnType<typeof asyncBufferFromFile>>,
  metadata: FileMetaData,
  column: string,
  rowStart: number,
  rowEnd: number,
): Promise<ArrayLike<number | string>> {
  const chunks: ColumnData[] = []
  const parsers = { timestampFromMicroseconds: (micros: bigint) => Number(micros / 1000n) }
  await parquetRead({
    file,
    metadata,
    compressors,
    parsers,
    columns: [column],
    rowStart,
    rowEnd,
    onChunk: (chunk) => chunks.push(chunk),
  })
  const isText = typeof chunks[0]?.columnData[0] === 'string'
  const values: (number | string)[] | Float64Array = isText
    ? new Array<string>(rowEnd - rowStart)
    : new Float64Array(rowEnd - rowStart)
  let read = 0
  for (const { columnData, rowStart: first } of chunks) {
    // A chunk may have rows outside of the range.
    const last = Math.min(columnData.length, rowEnd - first)
    for (let i = Math.max(0, rowStart - first); i < last; i++) {
      const value: unknown = columnData[i]
      if (value === null || value === undefined)
        throw new Error(`flight ${first + i} has no ${column}; the file was expected to have no gaps`)
      values[first + i - rowStart] = typeof value === 'bigint' ? Number(value) : (value as number | string)
      read++
    }
  }
  if (read !== rowEnd - rowStart) throw new Error(`column ${column} has ${read} values for the flights ${rowStart} to ${rowEnd}`)
  return values
}

/** A row of airports.csv. */
export interface AirportRow {
  /** The three-letter IATA code, or the FAA's code of a small airfield. */
  readonly code: string
  readonly name: string
  readonly city: string
  readonly state: string
}

export async function readAirports(): Promise<AirportRow[]> {
  const [header, ...rows] = parseCsv(await readFile(dataFile('airports.csv'), 'utf8'))
  const column = (name: string): number => {
    const index = header?.indexOf(name) ?? -1
    if (index === -1) throw new Error(`airports.csv has no column ${name}`)
    return index
  }
  const [code, name, city, state] = [column('iata'), column('name'), column('city'), column('state')]
  return rows.map((row) => ({ code: row[code] ?? '', name: row[name] ?? '', city: row[city] ?? '', state: row[state] ?? '' }))
}
