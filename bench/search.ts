import { eq, sql } from 'drizzle-orm'
import { CopyRows } from '#src/db/copy-rows.ts'
import type { Database } from '#src/db/index.ts'
import { whitelabelPosts } from '#src/db/schema.ts'
import { suggestions } from '#src/services/catalogue/queries/search.ts'
import { searchedPosts } from '#src/services/whitelabel/queries/search-posts.ts'
import { dropCopyTriggers, median, openBenchDatabase, startBenchServer, timed } from './ground.ts'
import { titleMaker } from './made-up-titles.ts'
import type { Row } from './row.ts'

export const claim = 'Searching does not read the library'

/** Smaller ones are for trying the benchmark itself. */
const POSTS = Number(process.env.BENCH_POSTS ?? 1_000_000)
const CREATORS = POSTS / 200
const DAYS = 2_000
const TRIES = 400
const WARM_UP = 40
const PAGE = { limit: 20, offset: 0 }

/** What people type, made of a title that is there: thus words of many posts come as often as they are in titles. */
const TYPED: Record<string, (words: string[]) => string> = {
  'one word': ([word = '']) => `${word} `,
  'two words': (words) => `${words.slice(0, 2).join(' ')} `,
  'a beginning': ([word = '']) => word.slice(0, 4),
  'a typo': ([word = '']) => `${word.slice(0, 2)}q${word.slice(2)}`,
}

export async function run(): Promise<Row[]> {
  const server = await startBenchServer()
  try {
    const database = await openBenchDatabase(server, 'library')
    await dropCopyTriggers(server.urlOf('library'))
    await fill(database)
    const times = await measure(database)
    await database.close()
    return rows(times)
  } finally {
    await server.stop()
  }
}

type Times = Record<string, number[]>

async function measure(database: Database): Promise<Times> {
  const { any, title } = titleMaker(2)
  const times: Times = {}
  const take = async (name: string, turn: number, work: () => Promise<unknown>) => {
    const milliseconds = await timed(work)
    if (turn >= WARM_UP) times[name] = [...(times[name] ?? []), milliseconds]
  }
  for (let turn = 0; turn < WARM_UP + TRIES; turn++) {
    const words = title().split(' ')
    await take('key', turn, () => postByKey(database, 1 + any(POSTS)))
    for (const [name, typed] of Object.entries(TYPED)) {
      await take(name, turn, () => searchedPosts(database.db, typed(words), PAGE))
    }
    await take('suggestions', turn, () => suggestions(database.db, words[0]?.slice(0, 4) ?? ''))
  }
  return times
}

async function postByKey({ db }: Database, id: number) {
  const [post] = await db.select().from(whitelabelPosts).where(eq(whitelabelPosts.id, id))
  if (!post) throw new Error(`There is no post ${id}.`)
}

function rows(times: Times): Row[] {
  const key = median(times.key ?? [])
  const kinds = Object.keys(TYPED)
  const searches = median(kinds.flatMap((name) => times[name] ?? []))
  const each = kinds.map((name) => `${name} ${median(times[name] ?? []).toFixed(2)} ms`).join(', ')
  const size = POSTS.toLocaleString('en')
  return [
    {
      what: `search over ${size} posts, median`,
      against: 'one post by its key',
      ratio: searches / key,
      limit: 20,
      better: 'lower',
      detail: `${searches.toFixed(2)} ms (${each}), ${key.toFixed(2)} ms`,
    },
    {
      what: `suggestions as one types, over ${size} posts, median`,
      against: 'one post by its key',
      ratio: median(times.suggestions ?? []) / key,
      limit: 40,
      better: 'lower',
      detail: `${median(times.suggestions ?? []).toFixed(2)} ms, ${key.toFixed(2)} ms`,
    },
  ]
}

/** By COPY, without the triggers; their functions then compute the copies once for all. */
async function fill(database: Database) {
  await database.session(async ({ db, copyIn }) => {
    await copyIn('whitelabel_models', ['id', 'folder_name', 'status'], buffers(modelLines()))
    await copyIn(
      'whitelabel_posts',
      ['id', 'whitelabel_model_id', 'folder_name', 'title', 'media_cdns', 'created_at'],
      buffers(postLines()),
    )
    await db.execute(sql`select refresh_post_count(array(select id from whitelabel_models))`)
    await db.execute(sql`select remember_words(array(select title from whitelabel_posts))`)
    await db.execute(sql`vacuum analyze`)
  })
}

function* modelLines() {
  const { title } = titleMaker(3)
  for (let id = 1; id <= CREATORS; id++) yield `${id}\t${title()} ${id}\tactive`
}

function* postLines() {
  const { any, title } = titleMaker()
  for (let id = 1; id <= POSTS; id++) {
    const made = new Date(Date.UTC(2020, 0, 1) + any(DAYS * 86_400) * 1_000).toISOString()
    const media = `{"images": ["creator/${id}/photo_1.jpg", "creator/${id}/photo_2.jpg"], "videos": []}`
    yield `${id}\t${1 + (id % CREATORS)}\t${id}\t${title()}\t${media}\t${made}`
  }
}

function* buffers(lines: Iterable<string>) {
  const rows = new CopyRows()
  for (const line of lines) {
    rows.add(line)
    if (rows.isFull) yield rows.take()
  }
  yield rows.take()
}
