import { createInterface } from 'node:readline'
import type { WriteStream } from 'node:tty'
import type { Output, Sink } from './output.ts'

const USUAL_COLUMNS = 80

/** The terminal or the pipes this process was started with. */
export function processOutput(): Output {
  const { stdin, stdout, stderr } = process
  const ask = stdin.isTTY && stderr.isTTY ? askOnTerminal : null
  return { stdout: sinkOf(stdout), stderr: sinkOf(stderr), ask }
}

function sinkOf(stream: WriteStream): Sink {
  return {
    write: (text) => void stream.write(text),
    // Also false for NO_COLOR and TERM=dumb.
    isTerminal: stream.isTTY === true && stream.hasColors(),
    columns: stream.columns ?? USUAL_COLUMNS,
  }
}

/** An end of the input without an answer is the empty answer. */
function askOnTerminal(question: string): Promise<string> {
  process.stderr.write(question)
  // The terminal keeps editing its line itself, so that Ctrl-C stays a signal.
  const lines = createInterface({ input: process.stdin, terminal: false })
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line)
      lines.close()
    })
    lines.once('close', () => resolve(''))
  })
}
