import type { Server } from 'node:http'
import { streamSSE } from 'hono/streaming'
import { Unavailable } from '#src/errors.ts'
import type { CheckoutWatch } from '#src/services/billing/checkout-watch.ts'
import type { AppContext } from '../../app-env.ts'
import { publicNetworkOf } from '../../middleware/identify.ts'

/** Streams of server-sent events that are open at the same time: of one checkout, from one network, on this node. */
export const MOST_STREAMS = { checkout: 5, network: 50, node: 1_000 }

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
  const openBy = (key: string) => open.get(key) ?? 0

  function take(counted: Array<[key: string, most: number]>) {
    if (counted.some(([key, most]) => openBy(key) >= most))
      throw new Unavailable('Too many pages wait for this just now. Reload the page in a moment.')
    for (const [key] of counted) open.set(key, openBy(key) + 1)
  }

  function give(counted: Array<[key: string, most: number]>) {
    for (const [key] of counted) {
      if (openBy(key) > 1) open.set(key, openBy(key) - 1)
      else open.delete(key)
    }
  }

  function countedBy(c: AppContext, publicId: string): Array<[key: string, most: number]> {
    const network = publicNetworkOf(c)
    return [
      ['node', mostStreams.node],
      [`checkout ${publicId}`, mostStreams.checkout],
      ...(network === null ? [] : [[`network ${network}`, mostStreams.network] as [string, number]]),
    ]
  }

  return function checkoutEvents(c: AppContext, publicId: string): Response {
    const counted = countedBy(c, publicId)
    take(counted)
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
          give(counted)
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
