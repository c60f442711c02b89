import { datesIn } from './dates.ts'
import { countedIn } from './plural.ts'

const counted = countedIn('en')

/** Every word of the site; the other languages have the same shape. */
export const en = {
  languageName: 'English',
  date: datesIn('en', 'long'),
  shortDate: datesIn('en', 'medium'),

  counts: {
    posts: counted({ one: '# post', other: '# posts' }),
    pictures: counted({ one: '# photo', other: '# photos' }),
    videos: counted({ one: '# video', other: '# videos' }),
    creators: counted({ one: '# creator', other: '# creators' }),
  },

  layout: {
    skipToContent: 'Skip to content',
    mainNavigation: 'Main',
    home: 'Home',
    creators: 'Creators',
    language: 'Language',
    tagline: 'Photos and videos, straight from the creators',
  },

  search: {
    label: 'Search creators and posts',
    placeholder: 'Search creators',
    submit: 'Search',
    clear: 'Show all creators',
    resultsFor: (words: string) => `Results for “${words}”`,
    nothingFor: (words: string) => `Nothing found for “${words}”`,
    tryAnother: 'Check the spelling, or try a shorter word.',
  },

  home: {
    welcome: (siteName: string) => `Welcome to ${siteName}`,
    introduction: 'Follow the people you like, open their albums, watch their videos. On any screen.',
    seeCreators: 'Browse creators',
    openCreator: (name: string) => `See ${name}`,
    newest: 'Just arrived',
    biggest: 'Most to see',
    seeAll: 'See all',
    seeAllNewest: 'See all, newest first',
    seeAllBiggest: 'See all, most posts first',
    empty: 'No creators yet',
    emptyHint: 'They appear here as soon as the owner publishes them.',
  },

  creators: {
    title: 'Creators',
    order: 'Order',
    newestFirst: 'Newest',
    biggestFirst: 'Most posts',
  },

  creator: {
    sponsored: 'Sponsored',
    posts: 'Posts',
    noPosts: 'No posts yet',
    noPostsHint: 'Come back soon.',
  },

  post: {
    videos: 'Videos',
    pictures: 'Photos',
    picture: (title: string, number: number, total: number) => `${title}, photo ${number} of ${total}`,
    openPicture: (number: number, total: number) => `Open photo ${number} of ${total}`,
    video: (title: string, number: number, total: number) =>
      total === 1 ? `${title}, video` : `${title}, video ${number} of ${total}`,
    unplayable: (format: string) => `Browsers cannot play ${format} files`,
    unplayableHint: 'Download the video and open it with a player such as VLC.',
    download: 'Download video',
    browserWithoutVideo: 'Your browser plays no videos. Download it instead:',
    locked: 'For members',
    lockedTitle: 'This post is for members',
    lockedHint: (contents: string) => `It holds ${contents}.`,
    lockedSoon: 'Memberships have not opened on this site yet. Come back soon.',
    and: (first: string, second: string) => `${first} and ${second}`,
    moreOf: (name: string) => `More from ${name}`,
  },

  pages: {
    label: 'Pages',
    previous: 'Previous',
    next: 'Next',
    position: (page: number, total: number) => `Page ${page} of ${total}`,
    beyond: 'There is nothing on this page',
    toFirst: 'Go to the first page',
  },

  errors: {
    notFound: 'This page does not exist',
    notFoundHint: 'It may have moved, or the address has a typo.',
    forbidden: 'This link no longer works',
    forbiddenHint: 'Links to photos and videos expire. Go back to the page, reload it and open it again.',
    unavailable: 'We will be right back',
    unavailableHint: 'The site is catching its breath. Please try again in a moment.',
    invalid: 'That did not work',
    invalidHint: 'The site could not understand this request. Go back and try again.',
    failed: 'Something went wrong',
    failedHint: 'It is our fault, not yours. Please try again.',
    reference: (id: string) => `Reference: ${id}`,
    tryAgain: 'Try again',
    toHome: 'Go to the home page',
    toCreators: 'Browse creators',
  },
}

export type Dictionary = typeof en
