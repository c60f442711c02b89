import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { FolderInUse } from '#src/db/embedded/folder-lock.ts'
import type { Env } from '#src/env.ts'
import { Unavailable } from '#src/errors.ts'
import type { CommandContext } from '../command-context.ts'
import type { Output, Sink } from '../output.ts'
import { LIBRARY_VARIABLES, type LibraryVariables, receiveFrames, sendFrame, serverFrame } from './frames.ts'
import { socketAddress } from './socket-address.ts'

export interface CommandToRun {
  argv: string[]
  /** What it reads of the caller's, by the path it names. */
  files: ReadonlyMap<string, Uint8Array>
}

/**
 * Runs the command inside the process that holds the embedded database, speaking through `context`.
 * @returns its exit code.
 * @throws the refusal itself when the holder answers no commands, Unavailable when it ended meanwhile.
 */
export async function runInServer(
  command: CommandToRun,
  context: CommandContext,
  env: Env,
  refusal: FolderInUse,
): Promise<number> {
  if (refusal.socket === null) throw refusal
  const socket = await connectTo(env.DATA_DIR).catch(() => {
    throw refusal
  })
  // An error of the connection ends the frames, which is noticed below.
  socket.on('error', () => {})
  const cancel = () => sendFrame(socket, { cancel: true })
  context.signal.addEventListener('abort', cancel)
  try {
    sendFrame(socket, { run: requestOf(command, context.output, env) })
    return await hear(socket, context.output)
  } finally {
    context.signal.removeEventListener('abort', cancel)
    socket.destroy()
  }
}

async function connectTo(folder: string): Promise<Socket> {
  const address = socketAddress(folder)
  try {
    const socket = connect(address.path)
    await once(socket, 'connect')
    return socket
  } finally {
    address.release()
  }
}

const requestOf = ({ argv, files }: CommandToRun, output: Output, env: Env) => ({
  argv,
  files: Object.fromEntries([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')])),
  library: libraryVariables(env),
  stdout: shapeOf(output.stdout),
  stderr: shapeOf(output.stderr),
  canAsk: output.ask !== null,
})

/** Only when the environment names a library: otherwise that of the server is meant. */
function libraryVariables(env: Env): LibraryVariables {
  if (!env.MEDIA_DIR && !env.S3_BUCKET) return {}
  return Object.fromEntries(LIBRARY_VARIABLES.map((name) => [name, env[name]]))
}

const shapeOf = ({ isTerminal, columns }: Sink) => ({ isTerminal, columns })

async function hear(socket: Socket, output: Output): Promise<number> {
  try {
    for await (const frame of receiveFrames(socket, serverFrame)) {
      if ('exit' in frame) return frame.exit
      if ('stdout' in frame) output.stdout.write(frame.stdout)
      else if ('stderr' in frame) output.stderr.write(frame.stderr)
      else void answer(socket, output, frame.ask)
    }
  } catch (cause) {
    throw serverEnded(cause)
  }
  throw serverEnded()
}

const serverEnded = (cause?: unknown) =>
  new Unavailable('The server ended before the command was done. See its log, then run the command again.', {
    cause,
  })

async function answer(socket: Socket, output: Output, question: string) {
  sendFrame(socket, { answer: (await output.ask?.(question)) ?? '' })
}
