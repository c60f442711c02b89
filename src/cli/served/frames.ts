import type { Socket } from 'node:net'

/** What the caller of a command tells the running server. */
export type CallerFrame = { run: CommandRequest } | { answer: string } | { cancel: true }

/** What the running server tells the caller. */
export type ServerFrame = { stdout: string } | { stderr: string } | { ask: string } | { exit: number }

export interface CommandRequest {
  argv: string[]
  /** The library as the caller's environment names it, where it does. */
  library: LibraryVariables
  stdout: SinkShape
  stderr: SinkShape
  canAsk: boolean
}

export interface SinkShape {
  isTerminal: boolean
  columns: number
}

export const LIBRARY_VARIABLES = ['MEDIA_DIR', 'S3_BUCKET', 'S3_ENDPOINT', 'S3_PREFIX'] as const
export type LibraryVariables = Partial<Record<(typeof LIBRARY_VARIABLES)[number], string>>

/** One JSON object a line; JSON escapes the line ends within. */
export function sendFrame(socket: Socket, frame: CallerFrame | ServerFrame): void {
  socket.write(`${JSON.stringify(frame)}\n`)
}

/** The frames as they come, until the other side ends. Both sides are this program: their form is not doubted. */
export async function* receiveFrames<Frame extends CallerFrame | ServerFrame>(
  socket: Socket,
): AsyncGenerator<Frame> {
  let unfinished = ''
  for await (const text of socket.setEncoding('utf8')) {
    const lines = `${unfinished}${text}`.split('\n')
    unfinished = lines.pop() ?? ''
    for (const line of lines) yield JSON.parse(line)
  }
}
