import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, run } from '#test/support/database.ts'
import type { Database } from './index.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
  await run(
    database.db,
    `insert into users (email, password) values ('ana@example.com', 'x');
     insert into plans (name, price, duration) values ('Month', 2990, 30);
     insert into subscriptions (user_id, plan_id) values (1, 1);
     insert into checkouts (user_id, plan_id, total_amount) values (1, 1, 2990), (null, 1, 2990);
     insert into models (name) values ('Cora');
     insert into posts (model_id, content_url, type) values (1, 'a.jpg', 'image');
     insert into whitelabel_models (folder_name) values ('dora');
     insert into whitelabel_posts (whitelabel_model_id, folder_name) values (1, 'beach');
     insert into whitelabel_media (whitelabel_post_id, s3_key, type) values (1, 'dora/beach/1.jpg', 'image')`,
  )
})
afterAll(() => database.close())

test('a user has a subscription and checkouts', async () => {
  const [user] = await database.db.query.users.findMany({ with: { subscription: true, checkouts: true } })

  expect(user).toMatchObject({ id: 1, subscription: { userId: 1 }, checkouts: [{ userId: 1 }] })
})

test('a checkout has a user, or none for a guest, and a plan', async () => {
  const checkouts = await database.db.query.checkouts.findMany({
    with: { user: true, plan: true },
    orderBy: (checkout, { asc }) => asc(checkout.id),
  })

  expect(checkouts).toMatchObject([
    { user: { id: 1 }, plan: { id: 1 } },
    { user: null, plan: { id: 1 } },
  ])
})

test('a subscription has a user and a plan, and a plan its subscriptions and checkouts', async () => {
  const subscriptions = await database.db.query.subscriptions.findMany({ with: { user: true, plan: true } })
  const plans = await database.db.query.plans.findMany({ with: { subscriptions: true, checkouts: true } })

  expect(subscriptions).toMatchObject([{ user: { id: 1 }, plan: { name: 'Month' } }])
  expect(plans).toMatchObject([{ subscriptions: [{ id: 1 }], checkouts: [{ id: 1 }, { id: 2 }] }])
})

test('a creator made by hand has posts, and a post its creator', async () => {
  const models = await database.db.query.models.findMany({ with: { posts: true } })
  const posts = await database.db.query.posts.findMany({ with: { model: true } })

  expect(models).toMatchObject([{ name: 'Cora', posts: [{ contentUrl: 'a.jpg' }] }])
  expect(posts).toMatchObject([{ model: { name: 'Cora' } }])
})

test('a synced creator has posts, they have media, and the way back is there', async () => {
  const models = await database.db.query.whitelabelModels.findMany({
    with: { posts: { with: { media: true } } },
  })
  const media = await database.db.query.whitelabelMedia.findMany({
    with: { post: { with: { model: true } } },
  })

  expect(models).toMatchObject([{ posts: [{ folderName: 'beach', media: [{ s3Key: 'dora/beach/1.jpg' }] }] }])
  expect(media).toMatchObject([{ post: { model: { folderName: 'dora' } } }])
})
