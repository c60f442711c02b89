import path from 'node:path'
import { prepareDataFolder } from './data-folder.ts'
import { lockFolder } from './folder-lock.ts'
import { type Chunks, PgliteClient, type PgliteClientOptions } from './pglite-client.ts'

export interface EmbeddedDatabase {
  readonly folder: string
  readonly client: PgliteClient
  /** As `client.copyIn`. */
  copyIn(copyStatement: string, chunks: Chunks): Promise<number>
  /** Tells other processes that find the folder in use at which socket this one answers commands. */
  announce(socket: string): void
  /** Calls `listener` once, when the database has stopped without being asked to; it has to be opened anew. */
  onFailure(listener: (failure: Error) => void): void
  /** Ends the database and gives the folder free, also when ending it fails. */
  close(): Promise<void>
}

/**
 * PostgreSQL in this process, with its data in `folder`, made ready the first time.
 * @throws FolderInUse when another process has it open, Misconfigured when it holds something else, Unavailable
 * when it does not start.
 */
export async function openEmbedded(folder: string, options?: PgliteClientOptions): Promise<EmbeddedDatabase> {
  const lock = await lockFolder(folder)
  const client = await openClient(path.join(folder, 'postgres'), options).catch((error) => {
    lock.release()
    throw error
  })

  let closing: Promise<void> | undefined
  return {
    folder,
    client,
    copyIn: (copyStatement, chunks) => client.copyIn(copyStatement, chunks),
    announce: (socket) => lock.announce(socket),
    onFailure: (listener) => client.onFailure(listener),
    close: () => {
      closing ??= client.close().finally(() => lock.release())
      return closing
    },
  }
}

async function openClient(dataFolder: string, options?: PgliteClientOptions) {
  await prepareDataFolder(dataFolder)
  return await PgliteClient.open(dataFolder, options)
}
