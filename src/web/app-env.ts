import type { Context, MiddlewareHandler } from 'hono'
import type { Viewer } from '#src/services/access/viewer.ts'

export interface AppEnv {
  Bindings: {
    /** The site asks itself, to have a page at hand: no visitor, and no line of the log. */
    isOwnRequest?: boolean
  }
  Variables: {
    viewer: Viewer
    /** Stands in the log and on the page of an unexpected error, so that one finds the other. */
    requestId: string
    /** Where visitors are checked by the owner's own age check, if they have to and can be. */
    ageCheckAt: ((returnTo: string) => string) | null
  }
}

export type AppContext = Context<AppEnv>
export type AppMiddleware = MiddlewareHandler<AppEnv>
