import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import pg from 'pg'
import { expect, test } from 'vitest'
import { startPostgres } from './postgres-server.ts'

test('a test server answers, and is gone with its folder after stop', async () => {
  const server = await startPostgres()
  const folder = await dataFolder(server.url)

  await server.stop()

  await expect(dataFolder(server.url)).rejects.toThrow('ECONNREFUSED')
  await expect(stat(folder)).rejects.toThrow('ENOENT')
})

test('a test server ends with the process that started it, even when that is killed', async () => {
  const module = new URL('./postgres-server.ts', import.meta.url).href
  const script = `const { startPostgres } = await import('${module}'); console.log((await startPostgres()).url); setInterval(() => {}, 1e6)`
  const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script])
  const [url] = await once(starter.stdout.setEncoding('utf8'), 'data')
  expect(await dataFolder(url.trim())).toContain('creatorflix-postgres-')

  starter.kill('SIGKILL')

  await expect
    .poll(() => dataFolder(url.trim()).catch((error) => error.message), { timeout: 10_000 })
    .toMatch(/ECONNREFUSED|terminating|shutting down/)
})

async function dataFolder(url: string) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  // A server that goes away beside no query says so here; what is asked of it next rejects.
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query('show data_directory')
  await client.end()
  return rows[0].data_directory as string
}
