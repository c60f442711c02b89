import { closeSync, openSync } from 'node:fs'
import path from 'node:path'

/** What Linux and macOS keep for the path of a socket, less the end: 108 and 104 bytes. */
const LONGEST_PATH = 103

export interface SocketAddress {
  path: string
  /** To be called when the socket is not used any more. */
  release(): void
}

/** Where the holder of the embedded database in `folder` answers commands. */
export function socketAddress(folder: string): SocketAddress {
  const direct = path.join(folder, 'commands.sock')
  if (Buffer.byteLength(direct) <= LONGEST_PATH) return { path: direct, release: () => {} }

  // A longer path would be cut off silently; Linux knows every open folder by a short name as well.
  const descriptor = openSync(folder, 'r')
  return { path: `/proc/self/fd/${descriptor}/commands.sock`, release: () => closeSync(descriptor) }
}
