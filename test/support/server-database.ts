import pg from 'pg'

export const MIGRATED_TEMPLATE = 'migrated_template'

/** A new database on the server of `url`: empty, or a copy of `template`. @returns its address. */
export async function createDatabase(url: string, { name, template = 'template0' }: NewDatabase) {
  await onServer(url, `create database ${name} template ${template}`)
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}

export interface NewDatabase {
  name: string
  template?: string
}

/** Removes the database of this address, whoever is still connected. */
export async function dropDatabase(url: string) {
  const server = new URL(url)
  const name = server.pathname.slice(1)
  server.pathname = '/postgres'
  await onServer(server.href, `drop database if exists ${name} with (force)`)
}

async function onServer(url: string, statement: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
