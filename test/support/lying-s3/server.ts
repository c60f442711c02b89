/**
 * A small S3 server that lies on command, as a process of its own: what it holds outlives whatever it does to its
 * client. It checks no signature; that links are signed rightly is proven against the real server.
 */
import { createHash } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { Library, Lies, ListingLie, Tally } from './faults.ts'

const LAST_MODIFIED = new Date('2024-05-01T12:00:00Z')

/** Keys are strings of one character per byte, so that sorting them sorts bytes. */
let keys: string[] = []
let heldKeys = new Set<string>()
let listedKeys: string[] = []
let pageSizes = [1_000]
let lies: Lies = {}
let numbers = new Map<string, number>()
let tally: Tally = { pages: 0, requests: 0 }
let liesTold = 0

const server = http.createServer((request, response) => {
  answer(request, response).catch((error: Error) => response.destroy(error))
})
server.listen(0, '127.0.0.1', () => console.error(`port ${(server.address() as AddressInfo).port}`))
process.stdin.resume().on('end', () => process.exit())

async function answer(request: IncomingMessage, response: ServerResponse) {
  const url = request.url ?? '/'
  if (url.startsWith('/-/')) return administer(url, request, response)
  if (lies.hasNoBucket) return refuse(response, 404, 'NoSuchBucket')

  const [path = '', query = ''] = url.split('?')
  const key = toBytes(path.split('/').slice(2).join('/'))
  if (key === '') return list(url, new URLSearchParams(query), response)
  return object(key, request, response)
}

async function administer(url: string, request: IncomingMessage, response: ServerResponse) {
  if (url === '/-/library') stock((await json(request)) as Library)
  if (url === '/-/lies') lie((await json(request)) as Lies)
  response.end(JSON.stringify(tally))
}

function stock(library: Library) {
  const { creators = 0, posts = 0, media = 0 } = library.generate ?? {}
  keys = (library.encodedKeys ?? []).map(toBytes)
  for (let creator = 0; creator < creators; creator++) {
    for (let post = 0; post < posts; post++) {
      for (let medium = 0; medium < media; medium++) {
        keys.push(`creator-${digits(creator)}/post-${digits(post)}/${digits(medium)}.jpg`)
      }
    }
  }
  heldKeys = new Set(keys)
  keys = [...heldKeys].sort()
  pageSizes = library.pageSizes ?? [1_000]
  lie({})
}

function lie(next: Lies) {
  lies = next
  const hidden = next.hiddenShare ?? 0
  listedKeys = keys.filter((_, index) => Math.floor((index + 1) * hidden) === Math.floor(index * hidden))
  numbers = new Map()
  tally = { pages: 0, requests: 0 }
  liesTold = 0
}

interface Page {
  contents: string[]
  prefixes: string[]
  count: number
  isTruncated: boolean
  token: string | undefined
}

function list(url: string, query: URLSearchParams, response: ServerResponse) {
  const number = numbers.get(url) ?? numbers.size + 1
  numbers.set(url, number)
  tally = { pages: numbers.size, requests: tally.requests + 1 }

  const told =
    lies.listing?.page === number && liesTold < (lies.listing.times ?? Infinity) ? lies.listing : undefined
  if (told) liesTold++
  const start = told?.kind === 'deaf to start-after' ? 0 : startOf(query)
  const page = truthfulPage(query, start, pageSizes[number % pageSizes.length] ?? 1_000)
  send(response, document(told ? twisted(page, told, query, start) : page), told)
}

function truthfulPage(query: URLSearchParams, start: number, pageSize: number): Page {
  const [prefix, delimiter] = [bytesOf(query, 'prefix'), bytesOf(query, 'delimiter')]
  const most = Math.min(Number(query.get('max-keys') ?? 1_000), pageSize)
  const contents: string[] = []
  const prefixes: string[] = []
  let index = start
  for (; index < listedKeys.length && listedKeys[index]?.startsWith(prefix); index++) {
    const key = listedKeys[index] ?? ''
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const folder = cut === -1 ? undefined : key.slice(0, cut + delimiter.length)
    if (folder !== undefined && folder === prefixes.at(-1)) continue
    if (contents.length + prefixes.length === most) break
    if (folder === undefined) contents.push(key)
    else prefixes.push(folder)
  }
  const isTruncated = index < listedKeys.length && (listedKeys[index]?.startsWith(prefix) ?? false)
  const token = isTruncated ? tokenFor(index) : undefined
  return { contents, prefixes, count: contents.length + prefixes.length, isTruncated, token }
}

function twisted(page: Page, told: ListingLie, query: URLSearchParams, start: number): Page {
  switch (told.kind) {
    case 'truncated without token':
      return { ...page, isTruncated: true, token: undefined }
    case 'empty page':
      return { contents: [], prefixes: [], count: 0, isTruncated: true, token: tokenFor(start) }
    case 'same token':
      return { ...page, isTruncated: true, token: query.get('continuation-token') ?? tokenFor(start) }
    case 'repeated page':
      return { ...page, isTruncated: true, token: tokenFor(start) }
    case 'out of order':
      return { ...page, contents: page.contents.toReversed(), prefixes: page.prefixes.toReversed() }
    case 'miscounted':
      return { ...page, contents: page.contents.filter(isOdd), prefixes: page.prefixes.filter(isOdd) }
    case 'foreign key':
      return { ...page, contents: [...page.contents, '\xff/foreign.jpg'], count: page.count + 1 }
    default:
      return page
  }
}

function send(response: ServerResponse, xml: string, told: ListingLie | undefined) {
  const half = xml.slice(0, xml.length / 2)
  switch (told?.kind) {
    case 'status':
      return refuse(response, told.status, told.code)
    case 'silence':
      return
    case 'stall':
      return void response.writeHead(200, { 'content-length': xml.length }).write(half)
    case 'reset':
      response.writeHead(200, { 'content-length': xml.length })
      return void response.write(half, () => response.socket?.resetAndDestroy())
    case 'half document':
      return void response.end(half)
    case 'empty answer':
      return void response.end()
    case 'web page':
      return void response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<html><body>Sign in</body></html>')
    default:
      return void response.writeHead(200, { 'content-type': 'application/xml' }).end(xml)
  }
}

function document({ contents, prefixes, count, isTruncated, token }: Page) {
  const named = contents.map((key) => {
    const { size, etag } = facts(key)
    const time = LAST_MODIFIED.toISOString()
    return `<Contents><Key>${encode(key)}</Key><LastModified>${time}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${size}</Size></Contents>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<Name>bucket</Name><EncodingType>url</EncodingType><KeyCount>${count}</KeyCount><IsTruncated>${isTruncated}</IsTruncated>`,
    ...named,
    ...prefixes.map((prefix) => `<CommonPrefixes><Prefix>${encode(prefix)}</Prefix></CommonPrefixes>`),
    token === undefined ? '' : `<NextContinuationToken>${token}</NextContinuationToken>`,
    '</ListBucketResult>',
  ].join('')
}

function object(key: string, request: IncomingMessage, response: ServerResponse) {
  if (!heldKeys.has(key)) return refuse(response, 404, 'NoSuchKey')
  const { body, size, etag } = facts(key)
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  const span = from === undefined ? body : body.slice(Number(from), Number(to) + 1)
  response.writeHead(from === undefined ? 200 : 206, {
    'content-length': span.length,
    etag: `"${etag}"`,
    'last-modified': LAST_MODIFIED.toUTCString(),
    ...(from === undefined ? {} : { 'content-range': `bytes ${from}-${to}/${size}` }),
  })
  response.end(request.method === 'HEAD' ? undefined : span)
}

function facts(key: string) {
  const body = `the object ${encode(key)}`
  return { body, size: body.length, etag: createHash('md5').update(body).digest('hex') }
}

function refuse(response: ServerResponse, status: number, code: string) {
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`
  response.writeHead(status, { 'content-type': 'application/xml' }).end(xml)
}

let tokensGiven = 0

function tokenFor(index: number) {
  return `${index}.${++tokensGiven}`
}

function startOf(query: URLSearchParams) {
  const token = query.get('continuation-token')
  if (token !== null) return Number(token.split('.')[0])
  const [prefix, after] = [bytesOf(query, 'prefix'), bytesOf(query, 'start-after')]
  const isPast = (key: string) => key >= prefix && (!query.has('start-after') || key > after)
  return firstIndex(isPast)
}

/** Of a condition that holds from some key on. */
function firstIndex(holds: (key: string) => boolean) {
  let [low, high] = [0, listedKeys.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(listedKeys[middle] ?? '')) high = middle
    else low = middle + 1
  }
  return low
}

function bytesOf(query: URLSearchParams, name: string) {
  return Buffer.from(query.get(name) ?? '').toString('latin1')
}

function toBytes(encoded: string) {
  return encoded.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** As Amazon's listings do it: a space is a plus, a tilde is encoded and an asterisk is not. */
function encode(bytes: string) {
  return bytes.replace(/[^A-Za-z0-9\-._*/]/g, (byte) => {
    return byte === ' ' ? '+' : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

function isOdd(_: string, index: number) {
  return index % 2 === 1
}

function digits(number: number) {
  return String(number).padStart(3, '0')
}
