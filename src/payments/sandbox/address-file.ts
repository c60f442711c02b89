import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

/** Tells, beside the ledger, where the sandbox of that folder answers. */
const FILE = 'address.json'

const addressFile = z.object({ url: z.url(), id: z.string() })
export type SandboxAddress = z.infer<typeof addressFile>

/** Null when none has been started there, or the file tells nothing. */
export async function readAddress(folder: string): Promise<SandboxAddress | null> {
  try {
    return addressFile.parse(JSON.parse(await readFile(path.join(folder, FILE), 'utf8')))
  } catch {
    return null
  }
}

/** Whole or not at all: others may read it at the same moment. */
export async function writeAddress(folder: string, address: SandboxAddress): Promise<void> {
  const draft = path.join(folder, `${FILE}.${address.id}`)
  await writeFile(draft, JSON.stringify(address))
  await rename(draft, path.join(folder, FILE))
}
