import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { migrate, migrationStatus } from '#src/db/migrate.ts'
import { type Migration, readMigrations } from '#src/db/migrations.ts'
import { Misconfigured } from '#src/errors.ts'
import { examine } from '#src/services/integrity/doctor.ts'
import { findDrift } from '#src/services/integrity/drift.ts'
import { renderMigrationStatus } from '#src/services/integrity/migration-words.ts'
import { readSchemaLines } from '#src/services/integrity/schema-lines.ts'
import { wrongCopies } from './support/copies.ts'
import { onServer, openUnmigratedDatabase, run } from './support/database.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const THE_DOCUMENTS_LAST = '0006_overconfident_titania'

let migrations: Migration[]
let database: Database

beforeAll(async () => {
  migrations = await readMigrations()
})

describe('on a database', () => {
  beforeEach(async () => {
    database = await openUnmigratedDatabase()
  })
  afterEach(() => database.close())

  test('an empty one gets every migration once, and a second time nothing', async () => {
    expect(await migrate(database)).toHaveLength(migrations.length)
    expect(await migrate(database)).toEqual([])
    expect(await findDrift(database.db)).toEqual([])
    expect(renderMigrationStatus(await migrationStatus(database.db))).toMatch(
      /^0000_users +applied$.*Everything is applied\.$/ms,
    )
  })

  test('before the first migration, all are pending and nothing is touched by asking', async () => {
    const status = await migrationStatus(database.db)

    expect(status.pending).toHaveLength(migrations.length)
    expect(renderMigrationStatus(status)).toMatch(
      /^\d+ migrations, 0000_users to \d{4}_\w+, are not applied yet\. Run: npx creatorflix migrate$/m,
    )
    expect(await readSchemaLines(database.db)).toEqual([])
  })

  test('one of the document, with rows as it allowed them, reaches the end with its data right', async () => {
    await migrate(database, ofTheDocument())
    await run(database.db, OLD_ROWS)
    await migrate(database)

    const rows = async (query: string) => (await database.db.execute(sql.raw(query))).rows
    expect(await rows('select email, role, subscription_status from users order by id')).toEqual([
      { email: 'ana@example.com', role: 'user', subscription_status: 1 },
      { email: 'bia@example.com', role: 'admin', subscription_status: 0 },
    ])
    expect(await rows('select id, status from subscriptions order by id')).toEqual([
      { id: 1, status: 'expired' },
      { id: 2, status: 'active' },
      { id: 3, status: 'expired' },
      { id: 4, status: 'pending' },
    ])
    expect(await rows(`select (created_at at time zone 'UTC')::text as at from users where id = 1`)).toEqual([
      { at: '2024-05-01 12:00:00' },
    ])
    expect(await rows('select folder_name, post_count, status from whitelabel_models')).toEqual([
      { folder_name: 'dora', post_count: 1, status: 'new' },
    ])
    expect(await rows('select media_cdns from whitelabel_posts')).toEqual([
      { media_cdns: { images: ['dora/beach/2.jpg', 'dora/beach/10.jpg'], videos: [] } },
    ])
    expect(
      await rows('select status, order_bump, currency, public_id is not null as "isNamed" from checkouts'),
    ).toEqual([{ status: 'pending', order_bump: false, currency: 'BRL', isNamed: true }])
    expect(await wrongCopies(database.db)).toEqual([])
    expect(await examine(database)).toMatchObject({ ok: true, notes: [] })
  })

  test('a subscription without a plan stops the hardening, unchanged, until somebody decides', async () => {
    await migrate(database, ofTheDocument())
    await run(
      database.db,
      `insert into users (email, password) values ('Ana@example.com', 'x');
       insert into subscriptions (user_id) values (1)`,
    )

    await expect(migrate(database)).rejects.toThrow(
      'The migration 0007_harden_the_twelve failed and left nothing behind: Rows that are there break a rule it brings. The plan of a subscription is missing. Give one.',
    )
    const { rows } = await database.db.execute(sql`select email from users`)
    expect(rows).toEqual([{ email: 'Ana@example.com' }])
    expect((await migrationStatus(database.db)).applied).toHaveLength(ofTheDocument().length)
  })

  test('two accounts whose e-mails differ in case only stop it too, in words', async () => {
    await migrate(database, ofTheDocument())
    await run(
      database.db,
      `insert into users (email, password) values ('Ana@example.com', 'x'), ('ana@example.com', 'x')`,
    )

    await expect(migrate(database)).rejects.toThrow(
      /break a rule it brings\. An account with this e-mail is already there/,
    )
  })

  test('broken off at any statement, a migration leaves nothing behind, and the next run reaches the clean schema', async () => {
    const every = onServer() ? 1 : 9
    for (const [index, migration] of migrations.entries()) {
      const before = await state(database)
      for (let at = 0; at < migration.statements.length; at += every) {
        await expect(migrate(database, brokenAt(index, at))).rejects.toThrow(
          /left nothing behind: division by zero/,
        )
      }
      expect(await state(database)).toEqual(before)
      await migrate(database, migrations.slice(0, index + 1))
    }
    expect(await findDrift(database.db)).toEqual([])
  }, 240_000)

  test('an edited file is refused in words, and nothing is changed', async () => {
    await migrate(database, migrations.slice(0, 3))
    const edited = migrations.map((one, index) => (index === 1 ? { ...one, hash: 'of other bytes' } : one))

    await refused(
      edited,
      /drizzle\/0001_plans_and_gateways\.sql was edited after it was applied here\. Restore/,
    )
  })

  test('a file that is gone is refused in words, and nothing is changed', async () => {
    await migrate(database, migrations.slice(0, 3))

    await refused(migrations.toSpliced(1, 1), /has a migration of \d{4}-.* that this version does not know/)
  })

  test('a file dated before the newest applied one is refused in words, and nothing is changed', async () => {
    await migrate(database, migrations.slice(0, 3))
    const late = {
      tag: '0001_late',
      when: (migrations[1]?.when ?? 0) + 1,
      hash: 'x',
      statements: ['select 1'],
    }

    await refused(
      migrations.toSpliced(2, 0, late),
      /drizzle\/0001_late\.sql is older than the newest applied/,
    )
  })
})

async function refused(files: Migration[], words: RegExp) {
  const before = await state(database)

  await expect(migrate(database, files)).rejects.toThrow(Misconfigured)
  await expect(migrate(database, files)).rejects.toThrow(words)
  expect(renderMigrationStatus(await migrationStatus(database.db, files))).toMatch(words)
  expect(await state(database)).toEqual(before)
}

async function state({ db }: Database) {
  const { applied, missing, edited } = await migrationStatus(db)
  return { schema: await readSchemaLines(db), journal: [applied, missing, edited].map((some) => some.length) }
}

const ofTheDocument = () =>
  migrations.slice(0, migrations.findIndex(({ tag }) => tag === THE_DOCUMENTS_LAST) + 1)

function brokenAt(index: number, statement: number): Migration[] {
  const whole = migrations[index]
  if (!whole) return []
  const statements = whole.statements.with(statement, 'select 1 / 0')
  return [...migrations.slice(0, index), { ...whole, statements }]
}

const OLD_ROWS = `
  insert into users (email, password, role, subscription_status, created_at) values
    ('Ana@Example.com', 'x', null, null, '2024-05-01 12:00:00'), ('bia@example.com', 'x', 'admin', 7, null);
  insert into plans (name, price, duration, accepts_pix, accepts_card) values ('Month', 2990, 30, null, true);
  insert into subscriptions (user_id, plan_id, status, end_date) values
    (1, 1, 'active', '2024-06-01'), (1, 1, 'active', '2024-07-01'), (1, 1, 'active', null), (2, 1, null, null);
  insert into payment_gateways (name, is_active) values ('sandbox', null);
  insert into models (name, is_featured, is_advertiser, created_at) values ('Cora', null, null, null);
  insert into posts (model_id, content_url, type, created_at) values (1, 'a.jpg', 'image', null);
  insert into support_contacts (platform, url, is_active, updated_at) values ('e-mail', 'mailto:help@example.com', null, null);
  insert into whitelabel_models (folder_name, post_count, status, last_synced_at) values ('dora', -3, null, null);
  insert into whitelabel_posts (whitelabel_model_id, folder_name, media_cdns) values (1, 'beach', null);
  insert into whitelabel_media (whitelabel_post_id, s3_key, url, type) values
    (1, 'dora/beach/10.jpg', 'dora/beach/10.jpg', 'image'), (1, 'dora/beach/2.jpg', 'dora/beach/2.jpg', 'image');
  insert into checkouts (plan_id, total_amount, status, order_bump, updated_at) values (1, 2990, null, null, null);
`

describe.skipIf(onServer())('the files', () => {
  test('are read as drizzle reads them, so that its own tools see the same', () => {
    const theirs = readMigrationFiles({ migrationsFolder: path.join(ROOT, 'drizzle') })

    expect(theirs.map(({ hash, folderMillis }) => ({ hash, when: folderMillis }))).toEqual(
      migrations.map(({ hash, when }) => ({ hash, when })),
    )
  })

  test('give the schema of the code: drizzle-kit finds nothing to generate, and nothing wrong', async () => {
    const cache = path.join(ROOT, 'node_modules/.cache')
    await mkdir(cache, { recursive: true })
    const folder = await mkdtemp(path.join(cache, 'drizzle-'))
    await cp(path.join(ROOT, 'drizzle'), folder, { recursive: true })
    const config = (await readFile(path.join(ROOT, 'drizzle.config.ts'), 'utf8')).replace(
      /out: '.*'/,
      `out: './${path.relative(ROOT, folder)}'`,
    )
    const file = path.join(folder, 'drizzle.config.ts')
    await writeFile(file, config)

    expect(await drizzleKit('generate', file)).toMatch(/No schema changes, nothing to migrate/)
    expect(await drizzleKit('check', file)).toMatch(/Everything's fine/)
    await rm(folder, { recursive: true })
  }, 60_000)

  test('up to 0006 are the twelve tables of the document, as its diagram has them', async () => {
    const text = await readFile(path.join(ROOT, 'drizzle/meta/0006_snapshot.json'), 'utf8')
    const snapshot: Snapshot = JSON.parse(text)
    const tables = Object.values(snapshot.tables)

    const diagram = tables.map(({ name, columns }) => {
      const lines = Object.values(columns).map(({ name, type }) => `${type} ${name}`)
      return `${name}: ${lines.join(', ')}`
    })
    expect(diagram.sort()).toEqual(DIAGRAM)
    expect(tables.flatMap(({ uniqueConstraints }) => Object.keys(uniqueConstraints)).sort()).toEqual(UNIQUES)
    expect(tables.flatMap(({ foreignKeys }) => Object.values(foreignKeys).map(keyWords)).sort()).toEqual(
      FOREIGN_KEYS,
    )
  })
})

interface Snapshot {
  tables: Record<
    string,
    {
      name: string
      columns: Record<string, { name: string; type: string }>
      uniqueConstraints: Record<string, unknown>
      foreignKeys: Record<string, { name: string; onDelete: string; onUpdate: string }>
    }
  >
}

const keyWords = ({ name, onDelete, onUpdate }: { name: string; onDelete: string; onUpdate: string }) =>
  `${name} ${onDelete}, ${onUpdate}`

async function drizzleKit(command: string, config: string) {
  const program = path.join(ROOT, 'node_modules/drizzle-kit/bin.cjs')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, command, `--config=${path.relative(ROOT, config)}`],
    {
      cwd: ROOT,
    },
  )
  return stdout
}

const DIAGRAM = [
  'admin_settings: text key, text value',
  'checkouts: serial id, integer user_id, integer plan_id, text status, text payment_method, boolean order_bump, integer total_amount, text customer_name, text customer_email, text customer_document, text customer_phone, timestamp created_at, timestamp updated_at',
  'models: serial id, text name, text description, text icon_url, text banner_url, boolean is_featured, boolean is_advertiser, timestamp created_at',
  'payment_gateways: serial id, text name, text public_key, text secret_key, boolean is_active',
  'plans: serial id, text name, integer price, integer duration, json benefits_json, text cta_text, text checkout_url, boolean accepts_pix, boolean accepts_card',
  'posts: serial id, integer model_id, text title, text content_url, text type, timestamp created_at',
  'subscriptions: serial id, integer user_id, integer plan_id, text external_id, timestamp start_date, timestamp end_date, text status, timestamp created_at',
  'support_contacts: serial id, text platform, text url, boolean is_active, timestamp updated_at',
  'users: serial id, text name, text email, text password, text role, integer subscription_status, timestamp created_at',
  'whitelabel_media: serial id, integer whitelabel_post_id, text s3_key, text url, text type, timestamp created_at',
  'whitelabel_models: serial id, text folder_name, text thumbnail_url, text icon_url, text banner_url, integer post_count, text status, timestamp last_synced_at, timestamp created_at',
  'whitelabel_posts: serial id, integer whitelabel_model_id, text folder_name, text title, json media_cdns, timestamp created_at',
]

const UNIQUES = [
  'payment_gateways_name_unique',
  'users_email_unique',
  'whitelabel_media_s3_key_unique',
  'whitelabel_models_folder_name_unique',
  'whitelabel_posts_whitelabel_model_id_folder_name_unique',
]

const FOREIGN_KEYS = [
  'checkouts_plan_id_plans_id_fk no action, no action',
  'checkouts_user_id_users_id_fk no action, no action',
  'posts_model_id_models_id_fk no action, no action',
  'subscriptions_plan_id_plans_id_fk no action, no action',
  'subscriptions_user_id_users_id_fk no action, no action',
  'whitelabel_media_whitelabel_post_id_whitelabel_posts_id_fk cascade, no action',
  'whitelabel_posts_whitelabel_model_id_whitelabel_models_id_fk cascade, no action',
]
