import type { Socket } from 'node:net'
import { z } from 'zod'

export const LIBRARY_VARIABLES = ['MEDIA_DIR', 'S3_BUCKET', 'S3_ENDPOINT', 'S3_PREFIX'] as const
export type LibraryVariables = Partial<Record<(typeof LIBRARY_VARIABLES)[number], string>>

const sinkShape = z.object({ isTerminal: z.boolean(), columns: z.number() })
export type SinkShape = z.infer<typeof sinkShape>

const commandRequest = z.object({
  argv: z.array(z.string()),
  /** The library as the caller's environment names it, where it does. */
  library: z.partialRecord(z.enum(LIBRARY_VARIABLES), z.string()),
  stdout: sinkShape,
  stderr: sinkShape,
  canAsk: z.boolean(),
  /** Files of the caller that the command reads, by the path it names: base64. */
  files: z.record(z.string(), z.string()).default({}),
})
export type CommandRequest = z.infer<typeof commandRequest>

/** What the caller of a command tells the running server. */
export const callerFrame = z.union([
  z.object({ run: commandRequest }),
  z.object({ answer: z.string() }),
  z.object({ cancel: z.literal(true) }),
])
export type CallerFrame = z.infer<typeof callerFrame>

/** What the running server tells the caller. */
export const serverFrame = z.union([
  z.object({ stdout: z.string() }),
  z.object({ stderr: z.string() }),
  z.object({ ask: z.string() }),
  z.object({ exit: z.number() }),
])
export type ServerFrame = z.infer<typeof serverFrame>

/** One JSON object a line; JSON escapes the line ends within. */
export function sendFrame(socket: Socket, frame: CallerFrame | ServerFrame): void {
  socket.write(`${JSON.stringify(frame)}\n`)
}

/**
 * The frames as they come, until the other side ends. It may be another version of this program, or another program.
 * @throws ZodError or SyntaxError at what is no such frame.
 */
export async function* receiveFrames<Frame>(socket: Socket, form: z.ZodType<Frame>): AsyncGenerator<Frame> {
  let unfinished = ''
  for await (const text of socket.setEncoding('utf8')) {
    const lines = `${unfinished}${text}`.split('\n')
    unfinished = lines.pop() ?? ''
    for (const line of lines) yield form.parse(JSON.parse(line))
  }
}
