import { styleText } from 'node:util'

/** One stream of text towards a person or a program. */
export interface Sink {
  write(text: string): void
  /** A terminal: it may be coloured and its last line rewritten. */
  readonly isTerminal: boolean
  /** Characters in a line. */
  readonly columns: number
}

/** Where a command speaks: to its own terminal, or through the running server to that of the caller. */
export interface Output {
  /** Results. */
  readonly stdout: Sink
  /** Progress, questions and complaints. */
  readonly stderr: Sink
  /** Null where nobody can be asked. The answer is one line. */
  readonly ask: ((question: string) => Promise<string>) | null
}

export const printLine = (sink: Sink, text: string) => sink.write(`${text}\n`)

export const printJson = (output: Output, value: unknown) =>
  printLine(output.stdout, JSON.stringify(value, null, 2))

/** The text in that style on a terminal, bare elsewhere. */
export function styled(sink: Sink, style: Parameters<typeof styleText>[0], text: string): string {
  return sink.isTerminal ? styleText(style, text, { validateStream: false }) : text
}
