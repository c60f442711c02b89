import type { ChildProcess } from 'node:child_process'
import os from 'node:os'

/** Below whatever serves visitors. */
const NICENESS = 10

export function lowerPriority({ pid }: ChildProcess) {
  try {
    if (pid !== undefined) os.setPriority(pid, NICENESS)
  } catch {
    // It has ended already, or the system does not allow it: then it goes on as it is.
  }
}
