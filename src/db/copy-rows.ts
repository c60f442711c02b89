const CAPACITY = 1 << 19
const LONGEST_UTF8 = 3
const SPECIAL = /[\\\t\n\r]/

/**
 * Rows in COPY's text format (PostgreSQL manual, COPY, "Text Format"), written straight into bytes: a million lines
 * that are kept until they are sent cost the garbage collector more than everything else about them. Two buffers take
 * turns, one filled while the other is on its way: a new one each time would be memory that waits to be collected.
 */
export class CopyRows {
  private bytes: Buffer = Buffer.allocUnsafe(CAPACITY)
  private spare: Buffer | null = null
  private length = 0

  /** @param line the values, each through `copyValue` unless it is a number, separated by tabs. */
  add(line: string) {
    const needed = this.length + line.length * LONGEST_UTF8 + 1
    if (needed > this.bytes.length) this.grow(needed)
    this.length += this.bytes.write(line, this.length)
    this.bytes[this.length++] = 10
  }

  /** Worth sending: half a mebibyte, or nearly. */
  get isFull() {
    return this.length > CAPACITY - CAPACITY / 16
  }

  /** What was added since the last time. It stays as it is until the next but one is begun. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.length)
    if (taken.length > 0) {
      const filled = this.bytes
      this.bytes = this.spare ?? Buffer.allocUnsafe(CAPACITY)
      this.spare = filled
    }
    this.length = 0
    return taken
  }

  private grow(needed: number) {
    const bigger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(bigger, 0, 0, this.length)
    this.bytes = bigger
  }
}

export function copyValue(value: string | null): string {
  if (value === null) return '\\N'
  return SPECIAL.test(value) ? escaped(value) : value
}

const escaped = (value: string) =>
  value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
