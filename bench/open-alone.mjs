// The peer of a start: opens an embedded folder, asks once, ends. Run by bench/start.ts with the folder.
import process from 'node:process'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'

const database = await PGlite.create({ dataDir: process.argv[2], extensions: { pg_trgm, unaccent } })
await database.query('select count(*) from whitelabel_models')
process.exit(0)
