import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { models, posts } from '#src/db/schema.ts'
import { COPIES } from '#src/services/integrity/copies.ts'
import { hideCreators, publishCreators, showPost } from '#src/services/whitelabel/publishing.ts'
import { MOST_MATCHES, searchedPosts } from '#src/services/whitelabel/queries/search-posts.ts'
import { openTestDatabase, run } from '#test/support/database.ts'
import { emptyLibrary, libraryIds, openTestLibrary, type TestLibrary } from '#test/support/library.ts'
import { searchCatalogue, suggestions } from './queries/search.ts'

let database: Database
let library: TestLibrary

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

beforeEach(async () => {
  await emptyLibrary(database.db)
  await database.db.execute(sql`truncate known_words`)
  library = await openTestLibrary(database)
  return () => library.close()
})

const FIRST = { limit: 20, offset: 0 }

async function publish(...keys: string[]) {
  await library.put(keys)
  await library.sync({ allowDeletes: true })
  await publishCreators(database.db, 'all')
}

/** Titles and names that the search gives, in its order. */
async function found(text: string) {
  const { creators, posts, correctedTo } = await searchCatalogue(database.db, text, {
    creators: FIRST,
    posts: FIRST,
  })
  const ids = await libraryIds(database.db)
  const folder = (id: number) =>
    Object.entries(ids)
      .find(([place, known]) => place.startsWith('model ') && known === id)?.[0]
      .slice(6)
  return {
    creators: creators.refs.map(({ kind, id }) => (kind === 'synced' ? folder(id) : `h${id}`)),
    posts: posts.found.map(({ post }) => post.title),
    correctedTo,
  }
}

const titles = async (text: string) => (await found(text)).posts

const addHandmade = async (name: string, ...titled: string[]) => {
  const [model] = await database.db.insert(models).values({ name }).returning({ id: models.id })
  for (const title of titled) {
    await database.db
      .insert(posts)
      .values({ modelId: model?.id ?? 0, title, contentUrl: 'x.jpg', type: 'image' })
  }
  return model?.id ?? 0
}

describe('a title is found', () => {
  test.each([
    ['verao', 'Verão na praia'],
    ['VERÃO', 'Verão na praia'],
    ['vera\u0303o', 'Verão na praia'],
    ['praia verão', 'Verão na praia'],
    ['na-praia', 'Verão na praia'],
    ['verão, praia!', 'Verão na praia'],
    ['ver', 'Verão na praia'],
    ['praia ve', 'Verão na praia'],
    ['Σαν', 'Σανtorini'],
    ['東京', '東京 nights'],
  ])('by %j', async (text, title) => {
    await publish('ana/2024-05-01 Verão na praia/1.jpg', 'ana/σανtorini/1.jpg', 'ana/東京 nights/1.jpg')
    expect(await titles(text)).toEqual([title])
  })

  test('when its letters and accents are stored apart', async () => {
    await publish('ana/Vera\u0303o/1.jpg')
    for (const text of ['verão', 'verao', 'vera\u0303o']) expect(await titles(text)).toHaveLength(1)
  })

  test('by all the words together, and by the beginning of the last one only', async () => {
    await publish('ana/red roses/1.jpg', 'ana/red wine/1.jpg', 'ana/roses/1.jpg')
    expect(await titles('red rose')).toEqual(['Red roses'])
    expect(await titles('ro red')).toEqual([])
    expect((await titles('red')).toSorted()).toEqual(['Red roses', 'Red wine'])
  })

  test('by a finished word only as it is', async () => {
    await publish('ana/margem/1.jpg', 'ana/mar/1.jpg')
    expect(await titles('mar ')).toEqual(['Mar'])
    expect(await titles('mar.')).toEqual(['Mar'])
  })

  test('whole words first, then the newest', async () => {
    await publish(
      'ana/2024-03-01 margem/1.jpg',
      'ana/2023-01-01 mar azul/1.jpg',
      'ana/2024-01-01 mar/1.jpg',
      'ana/2025-01-01 maravilha/1.jpg',
      'ana/2099-01-01 mar de amanha/1.jpg',
    )
    expect(await titles('mar')).toEqual(['Mar de amanha', 'Mar', 'Mar azul', 'Maravilha', 'Margem'])
  })
})

describe('typos', () => {
  const library = [
    'ana/praia/1.jpg',
    'ana/fotografia/1.jpg',
    'ana/sol/1.jpg',
    'ana/montanhas verdes/1.jpg',
    'Mariana/rio/1.jpg',
  ]

  test.each([
    ['praai', 'praia'],
    ['paia', 'praia'],
    ['rpaia', 'praia'],
    ['prraia', 'praia'],
    ['praja', 'praia'],
    ['fotogarfai', 'fotografia'],
    ['ftografi', 'fotografia'],
    ['fotográfyas', 'fotografia'],
    ['montanas verdes', 'montanhas verdes'],
    ['montanas vedes', 'montanhas verdes'],
    ['"praai"', 'praia'],
  ])('%s leads to %s, and it is said', async (typed, correctedTo) => {
    await publish(...library)
    const { posts, correctedTo: said } = await found(typed)
    expect(said).toBe(correctedTo)
    expect(posts.map((title) => title?.toLowerCase())).toEqual([correctedTo])
  })

  test('in a name lead to the creator', async () => {
    await publish(...library)
    expect(await found('Marianna')).toMatchObject({ creators: ['Mariana'], correctedTo: 'mariana' })
    const id = await addHandmade('Beatriz')
    expect(await found('beatris')).toMatchObject({ creators: [`h${id}`], correctedTo: 'beatriz' })
  })

  test.each(['soo', 'pria xyzzy', 'prxxa', 'ftgrfx', 'xyzzyxyzzy'])('in %j are too many', async (typed) => {
    await publish(...library)
    expect(await found(typed)).toEqual({ creators: [], posts: [], correctedTo: null })
  })

  test('are looked for only where nothing is found as it was typed', async () => {
    await publish('ana/praia/1.jpg', 'ana/prata/1.jpg')
    expect(await found('prata')).toMatchObject({ posts: ['Prata'], correctedTo: null })
  })

  test('of one letter are forgiven in every word of four letters, of two in every word of eight', async () => {
    const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz')
    const word = fc.array(letter, { minLength: 4, maxLength: 14 }).map((letters) => letters.join(''))
    const kinds = ['drop', 'add', 'change'] as const
    // Swapped letters with one more between them are three typos.
    const single = fc.tuple(fc.nat(), letter, fc.constantFrom(...kinds, 'swap'))
    const typo = fc.tuple(fc.nat(), letter, fc.constantFrom(...kinds))
    const typos = fc.oneof(fc.tuple(single), fc.tuple(typo, typo))
    const mistyped = (typed: string, [at, other, kind]: [number, string, string]) => {
      const place = at % typed.length
      const [before, after] = [typed.slice(0, place), typed.slice(place)]
      if (kind === 'drop') return before + after.slice(1)
      if (kind === 'add') return before + other + after
      if (kind === 'change') return before + other + after.slice(1)
      return before + (after[1] ?? '') + after[0] + after.slice(2)
    }
    await publish('ana/x/1.jpg')
    await fc.assert(
      fc.asyncProperty(word, typos, async (title, made) => {
        await database.db.execute(sql`update whitelabel_posts set title = ${title}`)
        const forgiven = title.length >= 8 ? made : made.slice(0, 1)
        const typed = forgiven.reduce(mistyped, title)
        const { posts } = await searchedPosts(database.db, typed, FIRST)
        expect([typed, posts.map((post) => post.title)]).toEqual([typed, [title]])
      }),
      { numRuns: 150 },
    )
  })
})

describe('what is not public', () => {
  test('is never found, and no word of it is told', async () => {
    await publish('shown/praia/1.jpg', 'shown/secreto/1.jpg', 'away/misterio/1.jpg')
    await showPost(database.db, (await libraryIds(database.db))['post shown/secreto'] ?? 0, false)
    await hideCreators(database.db, ['away'])
    for (const text of ['secreto', 'secret', 'sacreto', 'misterio', 'mistreio', 'mist', 'away', 'awya']) {
      expect([text, await found(text)]).toEqual([text, { creators: [], posts: [], correctedTo: null }])
      expect(await suggestions(database.db, text)).toEqual({ creators: [], posts: [], correctedTo: null })
    }
  })

  test('does not take the room of what is', async () => {
    await publish('away/x/1.jpg', 'shown/y/1.jpg')
    const ids = await libraryIds(database.db)
    await database.db.execute(sql`
      insert into whitelabel_posts (whitelabel_model_id, folder_name, title)
      select ${ids['model away']}::int, n, 'Praia' from generate_series(1, 3000) as n`)
    await database.db.execute(sql`
      insert into whitelabel_posts (whitelabel_model_id, folder_name, title, created_at)
      values (${ids['model shown']}::int, 'p', 'Praia', '2011-01-01')`)
    await hideCreators(database.db, ['away'])
    expect(await found('praia')).toEqual({ creators: ['shown'], posts: ['Praia'], correctedTo: null })
  })
})

describe('any text', () => {
  test.each([
    '',
    ' ',
    '%',
    '_',
    '\\',
    '%%%',
    "'",
    '"',
    '(',
    '&',
    '|',
    '!',
    ':*',
    '<->',
    '\u0000',
    '@0:1',
    '\ud800',
  ])('of signs, %j, finds nothing', async (text) => {
    await publish('ana/praia/1.jpg')
    expect(await found(text)).toEqual({ creators: [], posts: [], correctedTo: null })
    expect(await suggestions(database.db, text)).toEqual({ creators: [], posts: [], correctedTo: null })
  })

  test.each([
    ['10 kB', 'x'.repeat(10_240)],
    ['10 kB of words', 'praia '.repeat(1_700)],
    ['a hundred words', Array.from({ length: 100 }, (_, word) => `word${word}`).join(' ')],
    ['signs of a query', "praia' & !'x':* | ("],
    ['emoji', '😀'.repeat(3_000)],
    ['one that grows when folded', 'ﷺ'.repeat(2_000)],
  ])('of %s is borne', async (_, text) => {
    await publish('ana/praia/1.jpg')
    const start = performance.now()
    await expect(found(text)).resolves.toBeDefined()
    await expect(suggestions(database.db, text)).resolves.toBeDefined()
    expect(performance.now() - start).toBeLessThan(1_500)
  })

  test('of a title is borne too, and the title is found by its beginning', async () => {
    await publish('ana/x/1.jpg')
    for (const title of ['x'.repeat(100_000), 'ﷺ'.repeat(2_000), `${'palavra '.repeat(20_000)}`, '', '😀']) {
      await database.db.execute(sql`update whitelabel_posts set title = ${title}`)
    }
    await database.db.execute(sql`update whitelabel_posts set title = ${`inicio ${'x'.repeat(100_000)}`}`)
    expect(await titles('inicio')).toHaveLength(1)
    for (const day of ['infinity', '-infinity', '4713-01-01 BC', '290000-01-01']) {
      await database.db.execute(sql`update whitelabel_posts set created_at = ${day}::timestamptz`)
      expect(await titles('inicio')).toHaveLength(1)
    }
  })
})

describe('many matches', () => {
  test('are told as more than so many, the newest first, each on one page', async () => {
    await publish('ana/x/1.jpg')
    await database.db.execute(sql`
      insert into whitelabel_posts (whitelabel_model_id, folder_name, title, created_at)
      select id, n, 'Praia ' || n, timestamptz '2020-01-01' + n * interval '1 day'
      from whitelabel_models, generate_series(1, 1000) as n`)
    const seen: Array<string | null> = []
    for (let offset = 0; offset < 150; offset += 30) {
      const page = await searchedPosts(database.db, 'praia', { limit: 30, offset })
      expect(page).toMatchObject({ total: MOST_MATCHES, isMore: true })
      seen.push(...page.posts.map(({ title }) => title))
    }
    expect(new Set(seen).size).toBe(MOST_MATCHES)
    expect(seen).toHaveLength(MOST_MATCHES)
    const newest = Array.from({ length: 30 }, (_, index) => `Praia ${1000 - index}`)
    expect(seen.slice(0, 30)).toEqual(newest)
  })

  test('exactly as many as are shown are not more', async () => {
    await publish('ana/x/1.jpg')
    await database.db.execute(sql`
      insert into whitelabel_posts (whitelabel_model_id, folder_name, title)
      select id, n, 'Praia' from whitelabel_models, generate_series(1, ${MOST_MATCHES}) as n`)
    expect(await searchedPosts(database.db, 'praia', FIRST)).toMatchObject({
      total: MOST_MATCHES,
      isMore: false,
    })
  })
})

describe('hand-made and synced', () => {
  test('are found together, hand-made first, over pages', async () => {
    await publish('praia bela/x/1.jpg', 'ana/praia um/1.jpg', 'ana/praia dois/1.jpg')
    const id = await addHandmade('Zeca', 'Praia à mão', 'Montanha')
    expect(await found('praia')).toMatchObject({ creators: [`h${id}`, 'praia bela', 'ana'] })
    const pages = []
    for (let offset = 0; offset < 4; offset++) {
      const span = { limit: 1, offset }
      pages.push(await searchCatalogue(database.db, 'praia', { creators: span, posts: span }))
    }
    expect(pages.flatMap(({ posts }) => posts.found.map(({ post }) => post.title)).toSorted()).toEqual([
      'Praia dois',
      'Praia um',
      'Praia à mão',
    ])
    expect(pages.map(({ posts, creators }) => [posts.total, creators.total])).toEqual(Array(4).fill([3, 3]))
    expect(pages[0]?.posts.found[0]).toMatchObject({
      kind: 'handmade',
      post: { model: { id, name: 'Zeca' } },
    })
    expect(pages[1]?.posts.found[0]).toMatchObject({ kind: 'synced', post: { model: { folderName: 'ana' } } })
  })

  test('are suggested as one types, room kept for both creators and posts', async () => {
    await publish(...Array.from({ length: 12 }, (_, n) => `maria ${n}/mar ${n}/1.jpg`), 'ana/marmita/2.mp4')
    const id = await addHandmade('Maria à mão', 'Maresia')
    const { creators, posts, correctedTo } = await suggestions(database.db, 'mar')
    expect([creators.length, posts.length, correctedTo]).toEqual([4, 4, null])
    expect(creators[0]).toEqual({
      kind: 'handmade',
      id,
      name: 'Maria à mão',
      slug: `Maria à mão~h${id}`,
      coverKey: null,
    })
    expect(creators[1]).toMatchObject({ kind: 'synced', name: 'Maria 9', slug: 'maria 9' })
    expect(posts[0]).toMatchObject({ kind: 'handmade', title: 'Maresia', creator: { name: 'Maria à mão' } })
    expect(await suggestions(database.db, 'marmita')).toMatchObject({
      creators: [],
      posts: [{ title: 'Marmita', creator: { slug: 'ana' }, coverKey: 'ana/marmita/2.mp4' }],
    })
    expect((await suggestions(database.db, 'maira')).correctedTo).toBe('maria')
    expect((await suggestions(database.db, 'm')).creators).toHaveLength(8)
  })
})

test('every word is known right after any write', async () => {
  const words = COPIES.find(({ name }) => name === 'known_words')
  await publish('ana/praia/1.jpg', 'bia/rio/1.jpg')
  for (const statement of [
    `update whitelabel_posts set title = 'Cachoeira bonita' where title = 'Praia'`,
    `update whitelabel_posts set title = title || ' nova' || id`,
    `update whitelabel_models set folder_name = 'carolina' where folder_name = 'ana'`,
    `insert into models (name) values ('Débora'), ('Élida')`,
    `update models set name = name || ' Silva'`,
    `insert into posts (model_id, title, content_url, type) select id, 'Feito à mão', 'x', 'image' from models`,
    `insert into whitelabel_posts (whitelabel_model_id, folder_name, title) select id, 'n', 'Novidade' from whitelabel_models
       on conflict do nothing`,
    `insert into whitelabel_posts (whitelabel_model_id, folder_name, title) select id, 'n', 'Outra' from whitelabel_models
       on conflict (whitelabel_model_id, folder_name) do update set title = 'Conflito'`,
    `delete from whitelabel_posts where title = 'Conflito'`,
  ]) {
    await run(database.db, statement)
    const { rows } = await database.db.execute(words?.wrong ?? sql``)
    expect([statement, rows]).toEqual([statement, []])
  }
})

test('words that only removed posts had are forgotten by the sync', async () => {
  await publish('ana/praia/1.jpg', 'ana/cachoeira/1.jpg')
  await library.remove('ana/cachoeira')
  await library.sync({ allowDeletes: true })
  const { rows } = await database.db.execute(sql`select word from known_words order by word`)
  expect(rows).toEqual([{ word: 'ana' }, { word: 'praia' }])
})
