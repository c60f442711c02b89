import type { Context, MiddlewareHandler } from 'hono'
import type { Deps } from '#src/deps.ts'
import type { Viewer } from '#src/services/access/viewer.ts'

export interface AppEnv {
  Variables: {
    viewer: Viewer
    /** Stands in the log and on the page of an unexpected error, so that one finds the other. */
    requestId: string
  }
}

export type AppContext = Context<AppEnv>
export type AppMiddleware = MiddlewareHandler<AppEnv>

export interface AppDeps extends Deps {
  /** What links to the folder store are authenticated with. */
  linkKey: Buffer
}
