import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const FOLDER = new URL('assets/', import.meta.url)

/** Our own files, served at a name that changes with their content, so that it may be cached for ever. */
export const ASSETS = {
  stylesheet: asset('site.css', 'text/css; charset=utf-8'),
  favicon: asset('favicon.svg', 'image/svg+xml'),
}

export type Asset = ReturnType<typeof asset>

function asset(file: string, contentType: string) {
  const body = readFileSync(new URL(file, FOLDER))
  const [stem, extension] = file.split('.')
  return { servedAs: `${stem}.${hashOf(body)}.${extension}`, contentType, body }
}

export const assetAddress = ({ servedAs }: Asset) => `/assets/${servedAs}`

function hashOf(body: Buffer) {
  return createHash('sha256').update(body).digest('hex').slice(0, 12)
}
