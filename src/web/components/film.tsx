import type { CaptionsView, PostVideo } from '#src/services/catalogue/views.ts'
import { ASSETS, assetAddress } from '../assets.ts'
import { usePage } from '../render.tsx'
import { Icon } from './icon.tsx'
import { linkOfWidth } from './picture.tsx'

/** Without it, phones of Apple show black until the video is played. */
const FIRST_FRAME = '#t=0.001'
const POSTER_WIDTH = 1280

/** The browser's own player, which the script dresses; or a calm word and a download for what no browser plays. */
export function Film({ film, title, label }: { film: PostVideo; title: string; label: string }) {
  if (film.kind === 'unplayable') return <Unplayable film={film} label={label} />
  return (
    <div
      class="film"
      data-film={film.id}
      data-styles={assetAddress(ASSETS.playerStyles)}
      data-icons={assetAddress(ASSETS.playerIcons)}
      data-words={JSON.stringify(usePage().words.player)}
      data-title={title}
    >
      <FilmVideo film={film} label={label} />
      <FilmNotes />
    </div>
  )
}

function FilmVideo({ film, label }: { film: PostVideo; label: string }) {
  const { words } = usePage()
  return (
    <video
      class={film.size ? 'film-measured' : 'aspect-video'}
      src={film.kind === 'hls' ? film.link : film.link + FIRST_FRAME}
      data-kind={film.kind}
      {...(film.poster && { poster: linkOfWidth(film.poster, POSTER_WIDTH) })}
      {...(film.size && { width: film.size.width, height: film.size.height })}
      aria-label={label}
      preload="metadata"
      controls
      playsinline
    >
      {film.captions.map((captions, index) => (
        <Captions captions={captions} isDefault={index === 0} />
      ))}
      {words.post.browserWithoutVideo} <a href={film.link}>{words.post.download}</a>
    </video>
  )
}

function Captions({
  captions: { language, link },
  isDefault,
}: {
  captions: CaptionsView
  isDefault: boolean
}) {
  const page = usePage()
  const name = language ? nameOfLanguage(language, page.language) : page.words.post.captions
  return (
    <track
      kind="captions"
      src={link}
      label={name}
      {...(language && { srclang: language })}
      {...(isDefault && language === page.language && { default: true })}
    />
  )
}

function nameOfLanguage(tag: string, displayLanguage: string) {
  try {
    return new Intl.DisplayNames(displayLanguage, { type: 'language' }).of(tag) ?? tag
  } catch {
    // The owner names files as they like: `film.director's cut.vtt` is in no language.
    return tag
  }
}

/** What the script has to say. */
function FilmNotes() {
  const { watching } = usePage().words
  return (
    <>
      <div class="film-note" data-resumed role="status" hidden>
        <span>
          {watching.resumedAt} <span data-resumed-at />
        </span>
        <button class="film-note-button" type="button" data-start-over>
          <Icon name="restart" class="size-4" />
          {watching.startOver}
        </button>
      </div>
      <div class="film-note" data-failed role="alert" hidden>
        <span>{watching.failed}</span>
        <button class="film-note-button" type="button" data-retry>
          {watching.retry}
        </button>
      </div>
    </>
  )
}

function Unplayable({ film: { format, link }, label }: { film: PostVideo; label: string }) {
  const { words } = usePage()
  return (
    <div class="flex flex-col items-center gap-3 rounded-3xl border border-line bg-surface px-6 py-14 text-center">
      <span class="notice-icon">
        <Icon name="film" class="size-7" />
      </span>
      <p class="text-xl font-semibold text-balance">{words.post.unplayable(format)}</p>
      <p class="max-w-prose text-muted text-balance">{words.post.unplayableHint}</p>
      <a class="button mt-2" href={link} aria-label={`${words.post.download}: ${label}`} download>
        <Icon name="download" />
        {words.post.download}
      </a>
    </div>
  )
}
