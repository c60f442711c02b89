import { isIP } from 'node:net'

/** Every address of this machine, loopback, RFC 1918, RFC 3927, RFC 4193 and RFC 4291 link-local. */
export const isPrivateAddress = (address: string): boolean =>
  /^(0\.0\.0\.0$|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|::1?$|f[cd]|fe[89ab])/i.test(
    address,
  )

/**
 * Whether the host of an address, with its port or without, is one that only this machine or its network can reach:
 * `localhost`, names below `.local`, `.test` and `.internal` (RFC 6761, RFC 6762), and private addresses.
 */
export function isPrivateHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
  if (isIP(name) !== 0) return isPrivateAddress(name)
  return /^(localhost|[\w.-]+\.(localhost|local|test|internal|home\.arpa))$/.test(name)
}
