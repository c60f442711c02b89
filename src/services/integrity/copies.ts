import { type SQL, sql } from 'drizzle-orm'

/** A copy that triggers keep (spec §1), and how to find where it is not what it copies. */
export interface Copy {
  name: string
  /** Rows that are wrong, as `{ row, found, right }`. */
  wrong: SQL
  /** A statement that computes it anew for every row. */
  remedy: string
}

export const COPIES: Copy[] = [
  {
    name: 'users.subscription_status',
    wrong: sql`
      select 'User ' || id as row, subscription_status::text as found, truth.flag::text as right
      from users, lateral (
        select exists (select from subscriptions where user_id = users.id and status = 'active')::int as flag
      ) as truth
      where subscription_status <> truth.flag order by id`,
    remedy: 'select refresh_subscription_status(array(select id from users))',
  },
  {
    name: 'whitelabel_models.post_count',
    wrong: sql`
      select 'Creator ' || id as row, post_count::text as found, coalesce(truth.posts, 0)::text as right
      from whitelabel_models left join (
        select whitelabel_model_id, count(*) as posts from whitelabel_posts where hidden_at is null group by 1
      ) as truth on whitelabel_model_id = id
      where post_count <> coalesce(truth.posts, 0) order by id`,
    remedy: 'select refresh_post_count(array(select id from whitelabel_models))',
  },
  {
    name: 'whitelabel_models.latest_post_at',
    wrong: sql`
      select 'Creator ' || id as row, coalesce(latest_post_at::text, 'none') as found, coalesce(latest::text, 'none') as right
      from whitelabel_models left join (
        select whitelabel_model_id, max(created_at) as latest from whitelabel_posts where hidden_at is null group by 1
      ) as truth on whitelabel_model_id = id
      where latest_post_at is distinct from latest order by id`,
    remedy: 'select refresh_post_count(array(select id from whitelabel_models))',
  },
  {
    name: 'whitelabel_models.image_count and video_count',
    wrong: sql`
      select 'Creator ' || id as row,
        concat_ws(' ', image_count, 'images', video_count, 'videos') as found,
        concat_ws(' ', coalesce(images, 0), 'images', coalesce(videos, 0), 'videos') as right
      from whitelabel_models left join (
        select whitelabel_model_id,
          count(*) filter (where type = 'image') as images, count(*) filter (where type = 'video') as videos
        from whitelabel_media as media join whitelabel_posts as post on post.id = whitelabel_post_id
        where media.hidden_at is null and post.hidden_at is null group by 1
      ) as truth on whitelabel_model_id = id
      where image_count <> coalesce(images, 0) or video_count <> coalesce(videos, 0) order by id`,
    remedy: 'select refresh_post_count(array(select id from whitelabel_models))',
  },
  {
    name: 'whitelabel_posts.media_cdns and its counts',
    wrong: sql`
      with truth as (
        select
          whitelabel_post_id,
          json_agg(url order by s3_key collate natural_order, s3_key collate "C") filter (where type = 'image') as images,
          json_agg(url order by s3_key collate natural_order, s3_key collate "C") filter (where type = 'video') as videos,
          count(*) filter (where type = 'image') as image_count,
          count(*) filter (where type = 'video') as video_count
        from whitelabel_media where hidden_at is null group by 1
      )
      select
        'Post ' || id as row,
        concat_ws(' ', image_count, 'images', video_count, 'videos', md5(media_cdns::text)) as found,
        concat_ws(' ', right_images, 'images', right_videos, 'videos', md5(right_cdns::text)) as right
      from (
        select
          whitelabel_posts.*,
          coalesce(truth.image_count, 0) as right_images,
          coalesce(truth.video_count, 0) as right_videos,
          json_build_object(
            'images', coalesce(truth.images, '[]'), 'videos', coalesce(truth.videos, '[]')
          ) as right_cdns
        from whitelabel_posts left join truth on whitelabel_post_id = id
      ) as posts
      where image_count <> right_images or video_count <> right_videos
        or media_cdns::jsonb is distinct from right_cdns::jsonb
      order by id`,
    remedy: 'select refresh_media_cdns(array(select id from whitelabel_posts))',
  },
  {
    name: 'whitelabel_model_totals',
    wrong: sql`
      select 'The total of status ' || coalesce(status, actual) as row,
        coalesce(total.models::text, 'not there') as found, coalesce(truth.models, 0)::text as right
      from whitelabel_model_totals as total full join (
        select status as actual, count(*) as models from whitelabel_models group by 1
      ) as truth on actual = status
      where total.models is distinct from coalesce(truth.models, 0) order by 1`,
    remedy:
      "begin; alter table whitelabel_model_totals disable trigger user; delete from whitelabel_model_totals; insert into whitelabel_model_totals select status, (select count(*) from whitelabel_models as model where model.status = known.status) from unnest(array['new', 'active', 'hidden']) as known (status); alter table whitelabel_model_totals enable trigger user; commit",
  },
  {
    name: 'known_words',
    wrong: sql`
      select 'The word ' || word as row, 'no entry' as found, 'one' as right
      from (
        select unnest(search_words(folder_name)) as word from whitelabel_models
        union select unnest(search_words(title)) from whitelabel_posts
        union select unnest(search_words(name)) from models
        union select unnest(search_words(title)) from posts
      ) as used
      where word ~ '^[[:alpha:]]{3,}$' collate natural_order
        and not exists (select from known_words where known_words.word = used.word)
      order by word`,
    remedy:
      'select remember_words(array(select folder_name from whitelabel_models union select title from whitelabel_posts union select name from models union select title from posts))',
  },
]
