import { headerList, type OutgoingMessage } from '@kasper/core'

/** The bytes that a record has beside its key, value and headers, at the most. */
const RECORD_OVERHEAD = 32

/** About how many bytes it takes in a record batch, rather too many than too few. */
export function sizeOf({ key, value, headers }: OutgoingMessage): number {
  let size = RECORD_OVERHEAD + lengthOf(key) + lengthOf(value)
  if (headers !== undefined) for (const header of headerList(headers)) size += 8 + lengthOf(header.key) + lengthOf(header.value)
  return size
}

function lengthOf(data: Uint8Array | string | null | undefined): number {
  if (data === null || data === undefined) return 0
  return typeof data === 'string' ? utf8Length(data) : data.length
}

function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // The two halves of a surrogate pair make four bytes together.
    if (unit > 0x7f) length += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2
  }
  return length
}
