import { Buffer } from 'node:buffer'

/** A document to write. Without a value, it is deleted. */
export interface Write {
  readonly index: string
  readonly key: string
  readonly value: Uint8Array | undefined
  /** Its external version. */
  readonly version?: number | undefined
}

const NEWLINE = 0x0a
const RETURN = 0x0d
const SPACE = 0x20

/**
 * The body of a bulk request.
 *
 * @param index the index in the request's path. Documents in it do not repeat its name
 */
export function bulkBody(writes: readonly Write[], index: string | undefined): Buffer {
  const actions = writes.map((write) => action(write, index))
  let size = 0
  for (const [i, { value }] of writes.entries()) size += actions[i]!.length * 3 + (value === undefined ? 0 : value.length + 1)
  const body = Buffer.allocUnsafe(size)
  let at = 0
  for (const [i, { value }] of writes.entries()) {
    at += body.write(actions[i]!, at)
    if (value === undefined) continue
    body.set(value, at)
    // A line break ends a document. In JSON a raw line break is only white space between tokens, so it becomes a space.
    if (value.includes(NEWLINE) || value.includes(RETURN)) {
      for (let end = at + value.length, i = at; i < end; i++) if (body[i] === NEWLINE || body[i] === RETURN) body[i] = SPACE
    }
    at += value.length
    body[at++] = NEWLINE
  }
  return body.subarray(0, at)
}

/** The approximate bytes of this document in a bulk request. */
export function bulkSize({ index, key, value }: Write): number {
  return 80 + index.length + key.length + (value?.length ?? 0)
}

function action({ index, key, value, version }: Write, indexInPath: string | undefined): string {
  const inIndex = index === indexInPath ? '' : `"_index":${JSON.stringify(index)},`
  const versioned = version === undefined ? '' : `,"version":${version},"version_type":"external"`
  return `{"${value === undefined ? 'delete' : 'index'}":{${inIndex}"_id":${JSON.stringify(key)}${versioned}}}\n`
}
