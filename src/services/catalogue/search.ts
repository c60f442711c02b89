import { type Page, type PageRequest, pageOf } from '#src/lib/pagination.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { creatorName } from '#src/services/whitelabel/folder-names.ts'
import { detailsOf } from './pictures.ts'
import { coverOfSyncedPost, handmadePost, type PostCreator, storedContent, syncedPost } from './present.ts'
import { presentRefs } from './present-rows.ts'
import { handmadeSlug, publicId } from './public-id.ts'
import { type FoundCataloguePost, searchCatalogue, suggestions } from './queries/search.ts'
import { type CatalogueDeps, linksFor, type ViewerLinks } from './viewer-links.ts'
import type { CreatorView, PostView } from './views.ts'

export interface SearchResults {
  creators: Page<CreatorView>
  posts: Page<PostView>
  /** Whether there are more posts than `posts.total`: "100+". */
  isMore: boolean
  /** What was searched for instead of what was typed, or null. */
  correctedTo: string | null
}

/** Creators and posts with all the words, in any case, with or without accents; typos are forgiven. */
export async function searchFor(
  deps: CatalogueDeps,
  viewer: Viewer,
  words: string,
  page: PageRequest,
): Promise<SearchResults> {
  const [links, { creators, posts, correctedTo }] = await Promise.all([
    linksFor(deps, viewer),
    searchCatalogue(deps.database.reader, words, { creators: page, posts: page }),
  ])
  const [creatorViews, postViews] = await Promise.all([
    presentRefs(deps, creators.refs, links),
    presentFound(deps, posts.found, links),
  ])
  return {
    creators: pageOf(creatorViews, creators.total, page),
    posts: pageOf(postViews, posts.total, page),
    isMore: posts.isMore,
    correctedTo,
  }
}

/** As `searchFor`, the creators alone. */
export async function searchCreators(deps: CatalogueDeps, viewer: Viewer, words: string, page: PageRequest) {
  return (await searchFor(deps, viewer, words, page)).creators
}

async function presentFound(
  { database }: CatalogueDeps,
  found: FoundCataloguePost[],
  links: ViewerLinks,
): Promise<PostView[]> {
  const details = await detailsOf(
    database.reader,
    found.map(({ kind, post }) =>
      kind === 'synced' ? coverOfSyncedPost(post) : storedContent(post.contentUrl),
    ),
  )
  return found.map(({ kind, post }) =>
    kind === 'synced'
      ? syncedPost(post, syncedCreatorOf(post.model), details, links)
      : handmadePost(post, handmadeCreatorOf(post.model), details, links),
  )
}

const syncedCreatorOf = ({ id, folderName }: { id: number; folderName: string }): PostCreator => ({
  id: publicId({ kind: 'synced', id }),
  slug: folderName,
  name: creatorName(folderName),
})

const handmadeCreatorOf = ({ id, name }: { id: number; name: string }): PostCreator => ({
  id: publicId({ kind: 'handmade', id }),
  slug: handmadeSlug(name, id),
  name,
})

/** What is offered while somebody types: words and where they lead, and no pictures that would have to be made. */
export interface Suggested {
  creators: Array<{ slug: string; name: string }>
  posts: Array<{ id: string; title: string; creator: string }>
  correctedTo: string | null
}

export async function suggest(
  { database }: Pick<CatalogueDeps, 'database'>,
  text: string,
): Promise<Suggested> {
  const { creators, posts, correctedTo } = await suggestions(database.reader, text)
  return {
    creators: creators.map(({ slug, name }) => ({ slug, name })),
    posts: posts.map(({ title, creator, ...ref }) => ({ id: publicId(ref), title, creator: creator.name })),
    correctedTo,
  }
}
