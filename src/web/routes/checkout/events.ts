import type { Server } from 'node:http'
import { streamSSE } from 'hono/streaming'
import { Unavailable } from '#src/errors.ts'
import type { CheckoutWatch } from '#src/services/billing/checkout-watch.ts'
import type { AppContext } from '../../app-env.ts'

/** Streams of server-sent events that are open at the same time, of one checkout and on this node. */
export const MOST_STREAMS = { checkout: 5, node: 1_000 }

/** Proxies end what is silent for longer. */
const HEARTBEAT_MS = 15_000
const LOOK_FOR_SHUTDOWN_MS = 1_000
/** In these nothing changes any more. */
const FINAL = ['paid', 'refunded', 'charged_back']

/**
 * Tells by server-sent events what state a checkout is in, as it is and whenever it is another, until it is final.
 * While the server shuts down its streams end, and browsers ask the next node.
 */
export function openCheckoutEvents(watch: CheckoutWatch, mostStreams = MOST_STREAMS) {
  const open = new Map<string, number>()
  let onNode = 0

  function take(publicId: string) {
    const ofCheckout = open.get(publicId) ?? 0
    if (onNode >= mostStreams.node || ofCheckout >= mostStreams.checkout)
      throw new Unavailable('Too many pages wait for this just now. Reload the page in a moment.')
    onNode++
    open.set(publicId, ofCheckout + 1)
  }

  function give(publicId: string) {
    onNode--
    const left = (open.get(publicId) ?? 1) - 1
    if (left > 0) open.set(publicId, left)
    else open.delete(publicId)
  }

  return function checkoutEvents(c: AppContext, publicId: string): Response {
    take(publicId)
    // Buffering proxies would keep what is told for themselves (nginx).
    c.header('X-Accel-Buffering', 'no')
    c.header('Cache-Control', 'no-store')
    return streamSSE(
      c,
      async (stream) => {
        const server = serverOf(c)
        let end = () => {}
        const ended = new Promise<void>((resolve) => {
          end = resolve
        })
        stream.onAbort(() => end())
        const stop = watch.watch(publicId, (status) => {
          stream
            .writeSSE({ event: 'status', data: status })
            .then(() => FINAL.includes(status) && end())
            .catch(end)
        })
        const heart = setInterval(() => stream.write(': \n\n').catch(end), HEARTBEAT_MS)
        const look = setInterval(() => {
          if (server?.listening === false) end()
        }, LOOK_FOR_SHUTDOWN_MS)
        try {
          await stream.write('retry: 1000\n\n')
          await ended
        } finally {
          clearInterval(heart)
          clearInterval(look)
          stop()
          give(publicId)
        }
      },
      // A stream that breaks was closed by its reader.
      async () => {},
    )
  }
}

/** The server that has the connection; none for a request made in this process. */
function serverOf(c: AppContext): Pick<Server, 'listening'> | undefined {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { server?: Pick<Server, 'listening'> } } }
  return incoming?.socket?.server
}
