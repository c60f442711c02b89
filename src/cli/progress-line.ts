import type { SyncProgress } from '#src/services/whitelabel/sync/sync-report.ts'
import type { Sink } from './output.ts'
import { number, PHASE_WORDS } from './sync-words.ts'

/** Back to the start of the line, which is emptied (ECMA-48, EL 2). */
const REWRITE = '\r\u001b[2K'

export interface ProgressLine {
  show(progress: SyncProgress): void
  clear(): void
}

/**
 * One line that is rewritten as a sync goes on; nothing where there is no terminal. How much there is to list is known
 * at its end only, so it counts and draws no share of a whole.
 */
export function progressLine(sink: Sink): ProgressLine {
  if (!sink.isTerminal) return { show: () => {}, clear: () => {} }
  const started = performance.now()
  return {
    show({ phase, listed }) {
      const seconds = Math.round((performance.now() - started) / 1000)
      sink.write(`${REWRITE}${PHASE_WORDS[phase]} · ${number(listed)} files · ${seconds} s`)
    },
    clear: () => sink.write(REWRITE),
  }
}
