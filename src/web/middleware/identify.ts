import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import { GUEST, type Viewer } from '#src/services/access/viewer.ts'
import type { AppContext } from '../app-env.ts'
import { passing } from '../policies.ts'

/** Who sends this request. */
export type ViewerSource = (c: AppContext) => Viewer | Promise<Viewer>

/** Gives every request its id and its viewer. */
export const identify = (viewerOf: ViewerSource) =>
  passing(async function identify(c, next) {
    c.set('requestId', randomBytes(8).toString('hex'))
    c.set('viewer', await viewerOf(c))
    await next()
  })

/** Everybody is a guest until there are accounts, told apart by where they are for the sake of limits. */
export const guestOf: ViewerSource = (c) => ({ ...GUEST, limitKey: `guest ${networkOf(addressOf(c))}` })

/**
 * The sender's address. A proxy in front, which is on this machine or in its network, tells it as the last entry of
 * X-Forwarded-For; from elsewhere the header is worth nothing.
 */
function addressOf(c: AppContext): string {
  const peer = peerOf(c)
  const forwarded = plainAddress(c.req.header('X-Forwarded-For')?.split(',').at(-1) ?? '')
  return isIP(forwarded) && isPrivate(peer) ? forwarded : peer
}

function peerOf(c: AppContext): string {
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

/** Loopback, RFC 1918 and RFC 4193. */
const isPrivate = (address: string) =>
  /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd])/i.test(address)

/** One household of IPv6 has a /64 of addresses. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail = ''] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = tail.split(':').filter(Boolean)
  const zeros = Array<string>(Math.max(8 - groups.length - rest.length, 0)).fill('0')
  return [...groups, ...(address.includes('::') ? zeros : []), ...rest].slice(0, 4).join(':')
}
