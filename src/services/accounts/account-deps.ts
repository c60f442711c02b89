import type { Deps } from '#src/deps.ts'
import type { Attempts } from './attempts.ts'

/** What the use-cases of accounts work with. */
export interface AccountDeps extends Pick<Deps, 'database' | 'jobs' | 'log'> {
  attempts: Attempts
}

/** The browser that asks. */
export interface Browser {
  /** What limits of attempts are counted by. */
  network: string
  /** What it was given when somebody signed in with it, if anything. */
  mark: string | null
  /** As `deviceOf` names it. */
  device: string | null
  /** Its session until now. */
  sessionId: number | null
}

/** What counts of attempts are kept by. */
export type Sender = Pick<Browser, 'network' | 'mark'>

/** What a browser is given when it has signed in. */
export interface SignedIn {
  /** For its cookie. */
  token: string
  role: 'user' | 'admin'
  /** By which it is known again as one that has signed in to the account. */
  mark: string
}
