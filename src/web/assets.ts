import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { clientFolder } from './client-folder.ts'

const FOLDER = new URL('assets/', import.meta.url)
const CLIENT = clientFolder()

/** One of our own files, at a name that changes with its content, so that it may be cached for ever. */
export interface Asset {
  servedAs: string
  contentType: string
  /** Where it lies. */
  file: URL
}

const CONTENT_TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
}

interface ClientManifest {
  site: string
  gallery: string
  player: string
  sprite: string
}

const client: ClientManifest = JSON.parse(readFileSync(new URL('manifest.json', CLIENT), 'utf8'))

export const ASSETS = {
  stylesheet: hashed('site.css'),
  favicon: hashed('favicon.svg'),
  touchIcon: hashed('touch-icon.png'),
  icon192: hashed('icon-192.png'),
  icon512: hashed('icon-512.png'),
  maskableIcon: hashed('maskable-512.png'),
  /** The script of every page, which fetches what the page at hand needs. */
  script: bundled(client.site),
  galleryStyles: bundled(client.gallery),
  playerStyles: bundled(client.player),
  playerIcons: bundled(client.sprite),
}

/** All that `/assets/` serves: those, and what the scripts fetch by themselves. */
export const servedAssets: ReadonlyMap<string, Asset> = new Map(
  [...Object.values(ASSETS), ...clientFiles().map(bundled)].map((asset) => [asset.servedAs, asset]),
)

export const serviceWorkerSource = () => readFileSync(new URL('service-worker.js', CLIENT), 'utf8')

export const assetAddress = ({ servedAs }: Asset) => `/assets/${servedAs}`

function hashed(name: string): Asset {
  const file = new URL(name, FOLDER)
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12)
  const [stem, extension = ''] = name.split('.')
  return { servedAs: `${stem}.${hash}.${extension}`, contentType: typeOf(name), file }
}

function bundled(name: string): Asset {
  return { servedAs: name, contentType: typeOf(name), file: new URL(name, CLIENT) }
}

function clientFiles() {
  return readdirSync(CLIENT).filter((name) => /\.[A-Z0-9]{8}\.(js|css|svg)$/.test(name))
}

function typeOf(name: string) {
  return CONTENT_TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain'
}

export const ENCODINGS = ['br', 'gzip', 'identity'] as const
export type Encoding = (typeof ENCODINGS)[number]

const ENCODERS: Record<Encoding, (body: NonSharedBuffer) => Promise<NonSharedBuffer>> = {
  br: (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (body) => promisify(gzip)(body, { level: 9 }),
  identity: (body) => Promise.resolve(body),
}

const encoded = new Map<string, Promise<NonSharedBuffer>>()

/** Read and compressed when it is first asked for, and then kept: most of it nobody asks for in more than one form. */
export function encodedAsset({ servedAs, file }: Asset, encoding: Encoding): Promise<NonSharedBuffer> {
  const key = `${servedAs} ${encoding}`
  const body = encoded.get(key) ?? ENCODERS[encoding](readFileSync(file))
  encoded.set(key, body)
  return body
}

/** The best that `Accept-Encoding` takes (RFC 9110 §12.5.3). */
export function acceptedEncoding(header: string | undefined): Encoding {
  const accepted = new Map(
    (header ?? '').split(',').map((entry) => {
      const [name = '', weight = 'q=1'] = entry
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/)
      return [name, Number(weight.replace('q=', ''))]
    }),
  )
  return ENCODINGS.find((encoding) => (accepted.get(encoding) ?? 0) > 0) ?? 'identity'
}
