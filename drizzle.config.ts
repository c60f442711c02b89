import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './src/db/schema.ts',
    './src/db/account-tables.ts',
    './src/db/billing-tables.ts',
    './src/db/library-tables.ts',
    './src/db/media-tables.ts',
  ],
  out: './drizzle',
})
