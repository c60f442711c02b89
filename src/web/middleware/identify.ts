import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Deps } from '#src/deps.ts'
import { isPrivateAddress } from '#src/lib/private-network.ts'
import { GUEST, type Viewer } from '#src/services/access/viewer.ts'
import { viewerOfSession } from '#src/services/accounts/sessions.ts'
import type { AppContext } from '../app-env.ts'
import { passing } from '../policies.ts'
import { sessionToken } from '../session-cookie.ts'

/** Who sends this request. */
export type ViewerSource = (c: AppContext) => Viewer | Promise<Viewer>

/** Gives every request its id. Until it is known who sends it, that is a guest: to them it is told if that fails. */
export const numberRequest = passing(async function numberRequest(c, next) {
  c.set('requestId', randomBytes(8).toString('hex'))
  c.set('viewer', guestOf(c))
  await next()
})

/** Gives every request its viewer. */
export const identify = (viewerOf: ViewerSource) =>
  passing(async function identify(c, next) {
    c.set('viewer', await viewerOf(c))
    await next()
  })

/** A guest, told apart from others by where they are for the sake of limits. */
export const guestOf = (c: AppContext): Viewer => ({ ...GUEST, limitKey: `guest ${networkOf(c)}` })

/** What is served for the link alone: its sender need not be known. */
const FOR_THE_LINK = /^\/(assets|media|pictures|hls|captions|health)\//

/** By the session in the browser's cookie; a guest where there is none, or where it is over. */
export const viewerOf =
  (deps: Pick<Deps, 'database' | 'env' | 'now'>): ViewerSource =>
  async (c) => {
    const guest = guestOf(c)
    const token = FOR_THE_LINK.test(c.req.path) ? null : sessionToken(c, deps.env)
    const known = token && (await viewerOfSession(deps, token, deps.now()))
    if (!known) return guest
    return { ...guest, ...known, ...(known.userId !== null && { limitKey: `user ${known.userId}` }) }
  }

/** The network a request comes from: of IPv4 the address, of IPv6 what a household has. Never logged. */
export const networkOf = (c: AppContext): string => networkOfAddress(addressOf(c))

/** The same, or null for a private address: that may be everybody's who comes through a proxy that names nobody. */
export function publicNetworkOf(c: AppContext): string | null {
  const address = addressOf(c)
  return isIP(address) === 0 || isPrivateAddress(address) ? null : networkOfAddress(address)
}

/**
 * The sender's address. A proxy in front, which is on this machine or in its network, tells it as the last entry of
 * X-Forwarded-For; from elsewhere the header is worth nothing.
 */
function addressOf(c: AppContext): string {
  const peer = peerOf(c)
  const forwarded = plainAddress(c.req.header('X-Forwarded-For')?.split(',').at(-1) ?? '')
  return isIP(forwarded) && isPrivateAddress(peer) ? forwarded : peer
}

/** Who has the connection: the sender or a proxy. */
export function peerOf(c: AppContext): string {
  // A request made in this process has no connection.
  const isOverNetwork = typeof c.env === 'object' && c.env !== null && 'incoming' in c.env
  if (!isOverNetwork) return LOCALHOST
  return plainAddress(getConnInfo(c).remote.address ?? '')
}

/** Without a port; an IPv4 address as such, where a socket of both kinds wrote it as one of IPv6. */
function plainAddress(written: string): string {
  const [, bracketed, withPort, plain = ''] =
    /^\s*(?:\[(.*)\](?::\d+)?|([\d.]+):\d+|(.*?))\s*$/.exec(written) ?? []
  return (bracketed ?? withPort ?? plain).replace(/^::ffff:(?=\d+\.)/i, '')
}

const LOCALHOST = '127.0.0.1'

/** One household of IPv6 has a /64 of addresses. */
function networkOfAddress(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail = ''] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = tail.split(':').filter(Boolean)
  const zeros = Array<string>(Math.max(8 - groups.length - rest.length, 0)).fill('0')
  return [...groups, ...(address.includes('::') ? zeros : []), ...rest].slice(0, 4).join(':')
}
