import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises'
import path from 'node:path'
import { Misconfigured } from '#src/errors.ts'

const FILE = 'ledger.jsonl'
const LINE_END = 0x0a

/**
 * A file that only grows, an entry a line. What was acknowledged is on the disk, however the process or the machine
 * ends; a line that was being written then is cut off at the next start.
 */
export interface Ledger<Entry> {
  /** Resolves when the entry is on the disk. Entries get there in the order in which they were given. */
  append(entry: Entry): Promise<void>
  /** Resolves when everything that was given is on the disk. */
  flushed(): Promise<void>
  close(): Promise<void>
}

/** @throws Misconfigured when it is damaged in its midst. */
export async function openLedger<Entry>(
  folder: string,
  read: (entry: Entry) => void,
): Promise<Ledger<Entry>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const place = path.join(folder, FILE)
  const file = await open(place, 'a', 0o600)
  try {
    await syncFolder(folder)
    const bytes = await readFile(place)
    const whole = bytes.lastIndexOf(LINE_END) + 1
    if (whole < bytes.length) await file.truncate(whole)
    readLines(bytes.subarray(0, whole).toString('utf8'), read, place)
  } catch (error) {
    await file.close()
    throw error
  }
  return writerOf(file)
}

function readLines<Entry>(text: string, read: (entry: Entry) => void, place: string) {
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    try {
      read(JSON.parse(line))
    } catch (cause) {
      throw new Misconfigured(
        `Line ${index + 1} of the sandbox's ledger ${place} is damaged. Move the file away to begin a new one.`,
        { cause },
      )
    }
  }
}

/** Lines that come while others are being written go to the disk together after them. */
function writerOf<Entry>(file: FileHandle): Ledger<Entry> {
  let lines: string[] = []
  let writing: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null

  async function write() {
    writing = next ?? writing
    next = null
    const text = lines.join('')
    lines = []
    await file.appendFile(text)
    await file.datasync()
  }
  const flushed = () => next ?? writing

  return {
    append(entry) {
      lines.push(`${JSON.stringify(entry)}\n`)
      next ??= writing.then(write)
      return next
    },
    flushed,
    async close() {
      await flushed()
      await file.close()
    },
  }
}

/** So that the file itself is there after a power cut. */
async function syncFolder(folder: string) {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
