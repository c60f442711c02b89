import { escapeXml } from '#src/lib/xml.ts'
import type { CreatorView, PictureView, PostView } from '#src/services/catalogue/views.ts'
import { creatorAddress, feedAddress, postAddress } from '../../addresses.ts'
import { imageOf } from '../../structured-data.ts'
import type { Dictionary } from '../../words/en.ts'

export interface Feed {
  origin: string
  siteName: string
  language: string
  words: Dictionary
  creator: CreatorView
  posts: PostView[]
}

/** RSS 2.0 (www.rssboard.org/rss-specification), with pictures as Media RSS has them. */
export function creatorFeed(feed: Feed): string {
  const { origin, siteName, language, words, creator, posts } = feed
  const page = `${origin}${creatorAddress(creator.slug)}`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">',
    '<channel>',
    element('title', words.feed.title(creator.name, siteName)),
    element('link', page),
    element('description', creator.description ?? words.feed.description(creator.name)),
    element('language', language),
    `<atom:link href="${escapeXml(`${origin}${feedAddress(creator.slug)}`)}" rel="self" type="application/rss+xml"/>`,
    ...(posts[0] ? [element('lastBuildDate', posts[0].createdAt.toUTCString())] : []),
    ...posts.map((post) => item(post, feed)),
    '</channel>',
    '</rss>',
    '',
  ].join('\n')
}

function item(post: PostView, { origin, words }: Feed) {
  const address = `${origin}${postAddress(post.id)}`
  return [
    '<item>',
    element('title', post.title),
    element('link', address),
    `<guid isPermaLink="true">${escapeXml(address)}</guid>`,
    element('pubDate', post.createdAt.toUTCString()),
    element('description', contentsOf(post, words)),
    ...thumbnail(post.cover, origin),
    '</item>',
  ].join('\n')
}

function thumbnail(cover: PictureView | null, origin: string) {
  const image = imageOf(cover)
  return image ? [`<media:thumbnail url="${escapeXml(`${origin}${image}`)}"/>`] : []
}

function contentsOf({ imageCount, videoCount }: PostView, { counts, feed }: Dictionary) {
  if (videoCount === 0) return counts.pictures(imageCount)
  if (imageCount === 0) return counts.videos(videoCount)
  return feed.and(counts.pictures(imageCount), counts.videos(videoCount))
}

const element = (name: string, text: string) => `<${name}>${escapeXml(text)}</${name}>`
