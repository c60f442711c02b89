import { expect, test } from 'vitest'
import type { CreatorView, PostDetail } from '#src/services/catalogue/views.ts'
import {
  shareOfPost,
  structuredForCreator,
  structuredForHome,
  structuredForPost,
  structuredText,
} from './structured-data.ts'

const SITE = { origin: 'https://films.example', siteName: 'Films', language: 'en' }
const HOSTILE = '</script><script>alert(1)</script><!-- \u2028 & "'

const picture = (link: string) => ({
  sources: [{ width: 400, link }],
  size: null,
  thumbhash: null,
  isBlurred: true,
})

const CREATOR: CreatorView = {
  id: '1',
  slug: 'Ana & Bia',
  name: HOSTILE,
  description: HOSTILE,
  cover: null,
  icon: picture('/pictures/card/icon'),
  banner: null,
  postCount: 7,
  isSponsored: false,
  createdAt: new Date('2026-01-01T00:00:00Z'),
  updatedAt: new Date('2026-02-01T00:00:00Z'),
}

const POST: PostDetail = {
  id: '34',
  model: { id: '1', slug: 'Ana & Bia', name: 'Ana & Bia' },
  title: HOSTILE,
  folderName: '',
  createdAt: new Date('2026-01-31T00:00:00Z'),
  cover: picture('/pictures/teaser/cover'),
  imageCount: 0,
  videoCount: 1,
  locked: true,
  creator: CREATOR,
  pictures: [],
  films: [],
  share: '/pictures/share/cover',
  teasers: [],
  newer: null,
  older: null,
}

const OPEN: PostDetail = {
  ...POST,
  locked: false,
  share: null,
  films: [
    {
      id: 'film',
      kind: 'file',
      link: '/media/original.mp4?sig=1',
      format: 'MP4',
      type: 'video/mp4',
      poster: picture('/pictures/card/poster'),
      size: null,
      durationSeconds: 3723.4,
      captions: [],
    },
  ],
}

test('what is written into a page ends no script, and is read back as it was', () => {
  for (const structured of [
    structuredForHome({ ...SITE, siteName: HOSTILE }),
    structuredForCreator(CREATOR, SITE),
    structuredForPost(POST, SITE, HOSTILE),
    structuredForPost(OPEN, SITE, HOSTILE),
  ]) {
    const text = structuredText(structured)
    expect(text).not.toMatch(/[<>&\u2028\u2029]/)
    expect(JSON.parse(text)).toEqual(structured)
  }
})

test('a locked video is marked as paid, with its teaser', () => {
  const [video, crumbs] = structuredForPost(POST, SITE, 'One video')['@graph']
  expect(video).toMatchObject({
    '@type': 'VideoObject',
    description: 'One video',
    uploadDate: '2026-01-31T00:00:00.000Z',
    thumbnailUrl: 'https://films.example/pictures/teaser/cover',
    isAccessibleForFree: false,
    hasPart: { isAccessibleForFree: false, cssSelector: '.locked-stage' },
  })
  expect(crumbs).toMatchObject({
    '@type': 'BreadcrumbList',
    itemListElement: [
      { position: 1, item: 'https://films.example/' },
      { position: 2, item: 'https://films.example/creators/Ana%20%26%20Bia' },
      { position: 3, item: 'https://films.example/posts/34' },
    ],
  })
  expect(shareOfPost(POST, 'One video')).toMatchObject({
    image: '/pictures/share/cover',
    type: 'video.other',
  })
})

test('an open video has its length and its poster, and no link to the original', () => {
  const structured = structuredForPost(OPEN, SITE, 'One video')
  expect(structured['@graph'][0]).toMatchObject({
    duration: 'PT1H2M3S',
    thumbnailUrl: 'https://films.example/pictures/card/poster',
    isAccessibleForFree: true,
  })
  expect(structuredText(structured)).not.toContain('/media/')
  expect(JSON.stringify(shareOfPost(OPEN, 'One video'))).not.toContain('/media/')
})

test('a post of photos is a gallery', () => {
  const photos = { ...POST, imageCount: 3, videoCount: 0 }
  expect(structuredForPost(photos, SITE, 'Three photos')['@graph'][0]).toMatchObject({
    '@type': 'ImageGallery',
    datePublished: '2026-01-31T00:00:00.000Z',
    isAccessibleForFree: false,
  })
  expect(shareOfPost(photos, 'Three photos').type).toBe('article')
})

test('the site says how it is searched', () => {
  expect(structuredForHome(SITE)['@graph'][0]).toMatchObject({
    '@type': 'WebSite',
    url: 'https://films.example/',
    potentialAction: {
      '@type': 'SearchAction',
      target: { urlTemplate: 'https://films.example/creators?q={search_term_string}' },
    },
  })
})
