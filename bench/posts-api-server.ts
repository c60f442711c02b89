import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { openDeps } from '#src/deps.ts'
import { readEnv } from '#src/env.ts'
import { createApp } from '#src/web/app.tsx'
import { startServer } from '#src/web/server.ts'
import { quiet } from './ground.ts'

/** One side of the benchmark `posts-api`, in a process of its own: KIND is `bare`, `ours` or `ours-uncached`. */
const { DATABASE_URL = '', KIND } = process.env

// The S3 store signs without asking the bucket, so that none has to be there.
const env = readEnv({
  DATABASE_URL,
  APP_SECRET: 'a secret of the benchmark, known to all',
  S3_BUCKET: 'library',
  S3_ENDPOINT: 'http://127.0.0.1:9',
  S3_ACCESS_KEY_ID: 'BENCHMARK',
  S3_SECRET_ACCESS_KEY: 'benchmark',
})

const clock = () => new Date()

/** Every request falls in another window, so that nothing kept from the one before is of use. */
function windowsInTurn() {
  let windows = 0
  return () => new Date(Date.UTC(2026, 0, 1) + windows++ * env.MEDIA_LINK_SECONDS * 1000)
}

process.stdout.write(`${KIND === 'bare' ? await serveBare() : await serveOurs()}\n`)

async function serveOurs() {
  const deps = await openDeps(env, env.APP_SECRET ?? '', quiet)
  const app = createApp({ ...deps, now: KIND === 'ours' ? clock : windowsInTurn() })
  const server = await startServer(app, { port: 0, host: '127.0.0.1' })
  return server.url.replace('localhost', '127.0.0.1')
}

/** What a hand-written server would do: one query, one HMAC a link, no framework and no access to decide. */
async function serveBare() {
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 })
  const key = Buffer.alloc(32, 7)
  const sign = (url: string) =>
    `http://127.0.0.1:9/library/${url}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=BENCHMARK%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=${createHmac('sha256', key).update(url).digest('hex')}`
  const server = createServer(async (request, response) => {
    const slug = decodeURIComponent(request.url?.split('/')[4] ?? '')
    const { rows } = await pool.query(
      `select model.id as model_id, model.folder_name as slug, post_count, post.* from whitelabel_models as model
      join whitelabel_posts as post on post.whitelabel_model_id = model.id
      where model.folder_name = $1 and status = 'active' and hidden_at is null
      order by post.created_at desc, post.id desc limit 20`,
      [slug],
    )
    const data = rows.map((post) => ({
      id: String(post.id),
      model: { id: String(post.model_id), slug: post.slug, name: post.slug },
      title: post.title,
      folderName: post.folder_name,
      createdAt: post.created_at,
      thumbnail: sign(post.media_cdns.images[0]),
      images: post.media_cdns.images.map(sign),
      videos: post.media_cdns.videos.map(sign),
      imageCount: post.image_count,
      videoCount: post.video_count,
      locked: false,
    }))
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ data, meta: { page: 1, limit: 20, total: rows[0].post_count } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
