// Replaces long input of a CRC-32C by short input with the same CRC. This is several times as fast as computing the CRC with tables.
//
// A CRC is the remainder of a division by a polynomial P. Adding a multiple of P anywhere does not change the remainder. One multiple
// of P has few terms: 1 + x^14 + x^39 + x^54 + x^144 + x^209. Squared five times, it has the same terms with exponents 32 times as
// large, and 32 bits are four bytes. So a word can be replaced by zero if it is added (XOR) at the five distances below. Done from the
// front to the back, this leaves zeros and a rest about as long as the longest distance. It needs no table, and works the same on
// bytes, words and WebAssembly's vectors. The method is Sam Russell's "Chorba" (https://arxiv.org/abs/2412.16398).
const DISTANCES = [65, 155, 170, 195, 209].map((words) => words * 4)
/** The size of WebAssembly's v128 in bytes. No distance may be shorter. */
const VECTOR = 16
/** The longest distance, rounded up to whole vectors: the farthest effect of a word. */
const REACH = Math.ceil(DISTANCES.at(-1)! / VECTOR) * VECTOR
/** The number of bytes that are copied into WebAssembly's memory and folded at once. */
const BLOCK_BYTES = 32_768
/** The size of the memory. It holds a block, and before it the last REACH bytes of the previous block. */
const MEMORY_PAGES = 1

interface Exports {
  readonly memory: WebAssembly.Memory
  /** Adds the earlier vectors that reach it to each vector from `to` on. Starts REACH after `from`, and handles `end - from` bytes. */
  readonly fold: (from: number, end: number, to: number) => void
}

let loaded: { readonly memory: Uint8Array; readonly fold: Exports['fold'] } | undefined
let isMissing = false

/**
 * Returns less than a kilobyte with the same remainder as the range whose first four bytes are inverted (as CRC-32C requires). The
 * bytes are valid until the next call. `undefined` if there is no WebAssembly with vectors (`--jitless`, old processors).
 */
export function foldCrc32c(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
  if (loaded === undefined && !isMissing) load()
  if (loaded === undefined) return undefined
  const { memory, fold } = loaded
  memory.fill(0, 0, REACH)
  const foldEnd = end - REACH - ((end - start - REACH) % VECTOR)
  for (let at = start; at < foldEnd; at += BLOCK_BYTES) {
    const size = Math.min(BLOCK_BYTES, foldEnd - at)
    memory.set(bytes.subarray(at, at + size), REACH)
    if (at === start) for (let i = 0; i < 4; i++) memory[REACH + i]! ^= 0xff
    fold(0, size, REACH)
    memory.copyWithin(0, size, size + REACH)
  }
  // The rest is not replaced by zeros any more. It lies apart, with zeros in its place, so that fold only adds to it.
  const rest = REACH * 2
  const restEnd = rest + end - foldEnd
  memory.fill(0, REACH, rest)
  memory.set(bytes.subarray(foldEnd, end), rest)
  fold(0, REACH, rest)
  return memory.subarray(rest, restEnd)
}

function load(): void {
  try {
    const { memory, fold } = new WebAssembly.Instance(new WebAssembly.Module(assemble())).exports as unknown as Exports
    loaded = { memory: new Uint8Array(memory.buffer), fold }
  } catch {
    isMissing = true
  }
}

/** The module: {@link Exports}, in WebAssembly's binary format. */
function assemble(): Uint8Array<ArrayBuffer> {
  const [from, end, to] = [0, 1, 2]
  const i32 = 0x7f
  const get = (local: number): number[] => [0x20, local]
  const vector = (opcode: number, ...operands: number[]): number[] => [0xfd, opcode, ...operands]
  const read = (offset: number): number[] => vector(0, 0, ...varint(offset))
  const write = vector(11, 0, 0)
  const xor = vector(81)
  const advance = (local: number): number[] => [...get(local), 0x41, VECTOR, 0x6a, 0x21, local] // i32.const, i32.add, local.set
  const loop = [
    ...[...get(to), ...get(to), ...read(0)],
    ...DISTANCES.flatMap((distance) => [...get(from), ...read(REACH - distance), ...xor]),
    ...write,
    ...[...advance(to), ...advance(from)],
    ...[...get(from), ...get(end), 0x49, 0x0d, 0], // i32.lt_u, br_if to the start of the loop
  ]
  const body = [0, 0x03, 0x40, ...loop, 0x0b, 0x0b] // no more locals, loop … end, end
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    ...section(1, [0x60, 3, i32, i32, i32, 0]), // types: (i32, i32, i32) → ()
    ...section(3, [0]), // functions: one of this type
    ...section(5, [1, MEMORY_PAGES, MEMORY_PAGES]), // memories: the initial and the largest number of pages
    ...section(7, [...name('memory'), 2, 0], [...name('fold'), 0, 0]), // exports
    ...section(10, [...varint(body.length), ...body]), // code
  ])
}

function section(id: number, ...entries: number[][]): number[] {
  const content = [entries.length, ...entries.flat()]
  return [id, ...varint(content.length), ...content]
}

function name(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)]
}

/** For numbers below 2^14. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >>> 7]
}
