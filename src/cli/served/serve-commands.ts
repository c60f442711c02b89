import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import type { Deps } from '#src/deps.ts'
import { Caller } from './caller.ts'
import { socketAddress } from './socket-address.ts'

export interface CommandServer {
  /** Aborts what is running, waits for its end and takes no more. */
  close(): Promise<void>
}

/**
 * Runs commands of other processes in this one when it holds the embedded database: through a socket in `DATA_DIR`
 * that only the owner of the process may use.
 */
export async function serveCommands(deps: Deps): Promise<CommandServer> {
  if (deps.database.kind === 'server') return { close: async () => {} }
  const address = socketAddress(deps.env.DATA_DIR)
  const callers = new Set<Caller>()
  const server = createServer((socket) => {
    const caller = new Caller(socket, deps)
    callers.add(caller)
    socket.once('close', () => callers.delete(caller))
  })

  // Whoever left it is gone: this process holds the lock of the folder.
  await rm(address.path, { force: true })
  await listenForOwner(server, address.path)
  deps.database.announce?.(address.path)
  return {
    async close() {
      const closed = once(server, 'close')
      server.close()
      await Promise.all([...callers].map((caller) => caller.dismiss()))
      await closed
      address.release()
    },
  }
}

async function listenForOwner(server: Server, path: string) {
  const listening = once(server, 'listening')
  const usual = process.umask(0o177)
  try {
    server.listen(path)
  } finally {
    process.umask(usual)
  }
  await listening
}
