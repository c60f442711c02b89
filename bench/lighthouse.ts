import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'
import { CHROMIUM_FLAGS, chromiumPath } from '#test/support/browser.ts'
import { median } from './ground.ts'
import type { Row } from './row.ts'

export const claim = 'Pages are quick, accessible and easy to find on a phone'

const ROOT = path.resolve(import.meta.dirname, '..')
const PORT = 4_100 + (process.pid % 800)
const SITE = `http://127.0.0.1:${PORT}`
const CREATOR = '/creators/Companhia%20Vento'
/** Of several, because a busy machine makes a page look slow, never fast. */
const ROUNDS = 3
const CATEGORIES = { accessibility: 100, 'best-practices': 100, seo: 100, performance: 95 } as const

/** Lighthouse's phone on the sample library, as `npm start` serves it. */
export async function run(): Promise<Row[]> {
  const data = await mkdtemp(path.join(tmpdir(), 'creatorflix-lighthouse-'))
  const site = spawn('bin/creatorflix.mjs', ['start'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(PORT),
      DATA_DIR: data,
      BASE_URL: SITE,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    const post = await firstPost()
    const pages = { home: '/', creators: '/creators', 'a creator': CREATOR, 'a post': post }
    const rows = []
    for (const [name, address] of Object.entries(pages)) rows.push(...(await measurePage(name, address)))
    return rows
  } finally {
    site.kill()
    await once(site, 'exit')
    await rm(data, { recursive: true })
  }
}

async function measurePage(name: string, address: string): Promise<Row[]> {
  const rounds: Array<Record<string, number>> = []
  // The first visit makes the pictures, as the first visitor's does.
  await scoresOf(address)
  for (let round = 0; round < ROUNDS; round++) rounds.push(await scoresOf(address))
  return Object.entries(CATEGORIES).map(([category, reach]) => {
    const score = Math.round(median(rounds.map((scores) => scores[category] ?? 0)))
    return {
      what: `Lighthouse, mobile, ${name}: ${category}`,
      against: '100',
      ratio: score / 100,
      limit: reach / 100,
      better: 'higher',
      detail: `${score}`,
    }
  })
}

async function scoresOf(address: string): Promise<Record<string, number>> {
  const profile = await mkdtemp(path.join(tmpdir(), 'creatorflix-chromium-'))
  const chrome = await launch({
    chromePath: chromiumPath(),
    chromeFlags: CHROMIUM_FLAGS,
    userDataDir: profile,
  })
  try {
    const result = await lighthouse(SITE + address, {
      port: chrome.port,
      onlyCategories: Object.keys(CATEGORIES),
      logLevel: 'error',
    })
    if (!result) throw new Error(`Lighthouse has no answer for ${address}.`)
    tellFaults(address, result.lhr.audits)
    const categories = Object.entries(result.lhr.categories)
    return Object.fromEntries(categories.map(([name, { score }]) => [name, (score ?? 0) * 100]))
  } finally {
    chrome.kill()
    await rm(profile, { recursive: true, force: true })
  }
}

interface Audit {
  id: string
  title: string
  score: number | null
  scoreDisplayMode: string
}

/** What to mend, once for each address. */
const told = new Set<string>()
function tellFaults(address: string, audits: Record<string, Audit>) {
  for (const { id, title, score, scoreDisplayMode } of Object.values(audits)) {
    const fault = `${address}: ${id}, ${title}`
    if (scoreDisplayMode !== 'binary' || score === null || score === 1 || told.has(fault)) continue
    told.add(fault)
    console.error(`  ${fault}`)
  }
}

async function firstPost() {
  for (;;) {
    const answer = await fetch(`${SITE}/api/v1/models/Companhia%20Vento/posts`).catch(() => null)
    if (answer?.ok) {
      const { data } = (await answer.json()) as { data: Array<{ id: string }> }
      if (data[0]) return `/posts/${data[0].id}`
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
