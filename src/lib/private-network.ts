import { isIP } from 'node:net'

/** Loopback, RFC 1918, RFC 3927, RFC 4193 and RFC 4291 link-local. */
export const isPrivateAddress = (address: string): boolean =>
  /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd]|fe[89ab])/i.test(address)

/**
 * Whether the host of an address, with its port or without, is one that only this machine or its network can reach:
 * `localhost`, names below `.local` and `.internal`, and private addresses.
 */
export function isPrivateHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
  if (isIP(name) !== 0) return isPrivateAddress(name)
  return /^(localhost|[\w.-]+\.(localhost|local|internal|home\.arpa))$/.test(name)
}
