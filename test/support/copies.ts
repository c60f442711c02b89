import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'

/**
 * Every copy the database keeps (spec §1), computed anew here, row by row and not as the triggers do it.
 * @returns what is wrong, as the row, what it has and what is right; empty when all is right.
 */
export async function wrongCopies(db: Db): Promise<unknown[]> {
  const media = await rowsOf<Media>(db, sql`select * from whitelabel_media where hidden_at is null`)
  const posts = await rowsOf<Post>(db, sql`select *, ${epoch('created_at')} as made_at from whitelabel_posts`)
  const models = await rowsOf<Model>(
    db,
    sql`select *, ${epoch('latest_post_at')} as latest from whitelabel_models`,
  )
  const totals = await rowsOf<Total>(db, sql`select * from whitelabel_model_totals`)
  const users = await rowsOf<User>(db, sql`select * from users`)
  const active = await rowsOf<{ user_id: number }>(
    db,
    sql`select user_id from subscriptions where status = 'active'`,
  )
  return [
    ...posts.map(({ id, media_cdns, image_count, video_count }) => {
      const mine = media.filter((one) => one.whitelabel_post_id === id).sort(naturally)
      const images = mine.filter(({ type }) => type === 'image').map(({ url }) => url)
      const videos = mine.filter(({ type }) => type === 'video').map(({ url }) => url)
      return {
        row: `post ${id}`,
        has: { media_cdns, image_count, video_count },
        right: { media_cdns: { images, videos }, image_count: images.length, video_count: videos.length },
      }
    }),
    ...models.map(({ id, post_count }) => ({
      row: `creator ${id}`,
      has: post_count,
      right: posts.filter((post) => post.whitelabel_model_id === id && post.hidden_at === null).length,
    })),
    ...models.map(({ id, image_count, video_count, latest }) => {
      const mine = posts.filter((post) => post.whitelabel_model_id === id && post.hidden_at === null)
      return {
        row: `media of creator ${id}`,
        has: [image_count, video_count, latest],
        right: [
          sum(mine.map((post) => post.image_count)),
          sum(mine.map((post) => post.video_count)),
          mine.length > 0 ? Math.max(...mine.map((post) => post.made_at)) : null,
        ],
      }
    }),
    ...totals.map(({ status, models: total }) => ({
      row: `total ${status}`,
      has: total,
      right: models.filter((model) => model.status === status).length,
    })),
    ...users.map(({ id, subscription_status }) => ({
      row: `user ${id}`,
      has: subscription_status,
      right: active.some(({ user_id }) => user_id === id) ? 1 : 0,
    })),
  ].filter(({ has, right }) => JSON.stringify(has) !== JSON.stringify(right))
}

/** Microseconds, which a `Date` does not have. */
const epoch = (column: string) => sql`(extract(epoch from ${sql.identifier(column)}) * 1000000)::float8`

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

const collator = new Intl.Collator('en', { numeric: true })

const naturally = (one: Media, other: Media) =>
  collator.compare(one.s3_key, other.s3_key) ||
  Buffer.compare(Buffer.from(one.s3_key), Buffer.from(other.s3_key))

async function rowsOf<Row extends object>(db: Db, query: SQL) {
  const { rows } = await db.execute<Row & Record<string, unknown>>(query)
  return rows as Row[]
}

interface Media {
  whitelabel_post_id: number
  s3_key: string
  url: string | null
  type: string
}

interface Post {
  id: number
  whitelabel_model_id: number
  media_cdns: unknown
  image_count: number
  video_count: number
  hidden_at: unknown
  made_at: number
}

interface Model {
  id: number
  status: string
  post_count: number
  image_count: number
  video_count: number
  latest: number | null
}

interface Total {
  status: string
  models: number
}

interface User {
  id: number
  subscription_status: number
}
