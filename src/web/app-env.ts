import type { Context, MiddlewareHandler } from 'hono'
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
