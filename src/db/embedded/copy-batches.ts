const BATCH_BYTES = 1 << 20
const NEWLINE = 0x0a

/**
 * Rows of COPY's text format, which may come cut anywhere but inside a character, in batches of about a megabyte
 * that end with a row. In that format a line feed is always the end of a row.
 */
export async function* batchesOfRows(
  chunks: AsyncIterable<string | Buffer> | Iterable<string | Buffer>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let parts: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    parts.push(bytes)
    size += bytes.length
    if (size < BATCH_BYTES) continue

    const { batches, rest } = cut(Buffer.concat(parts))
    yield* batches
    parts = [rest]
    size = rest.length
  }
  if (size > 0) yield Uint8Array.from(Buffer.concat(parts))
}

/** Copies, because a batch is given away to another thread, buffer and all. */
function cut(bytes: Buffer) {
  const batches: Uint8Array<ArrayBuffer>[] = []
  let start = 0
  while (bytes.length - start >= BATCH_BYTES) {
    const end = endOfRow(bytes, start)
    if (end === 0) break
    batches.push(Uint8Array.from(bytes.subarray(start, end)))
    start = end
  }
  return { batches, rest: bytes.subarray(start) }
}

/** Just behind the last row that fits in a batch, or the first when it is longer, or 0 when none is complete. */
function endOfRow(bytes: Buffer, start: number) {
  const end = bytes.lastIndexOf(NEWLINE, start + BATCH_BYTES - 1) + 1
  return end > start ? end : bytes.indexOf(NEWLINE, start) + 1
}
