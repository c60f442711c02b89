import type { OutboxMail } from '#src/services/mail/outbox.ts'
import { Notice } from '../../components/notice.tsx'
import { SiteLayout } from '../../layouts/site-layout.tsx'
import { usePage } from '../../render.tsx'

/** The mails of a site that is being tried. */
export function OutboxPage({ mails }: { mails: OutboxMail[] }) {
  const { words } = usePage()
  const { outbox } = words.account
  return (
    <SiteLayout title={outbox.title} isTransient>
      <div class="shell pt-6 sm:pt-10">
        <div class="mx-auto flex max-w-3xl flex-col gap-6">
          <h1 class="page-title">{outbox.title}</h1>
          <p class="text-muted">{outbox.hint}</p>
          {mails.length === 0 ? (
            <Notice icon="mail" title={outbox.empty} hint={outbox.emptyHint} />
          ) : (
            <ul class="flex flex-col gap-3">
              {mails.map((mail) => (
                <li>
                  <a
                    class="neighbour max-sm:flex-col max-sm:items-stretch max-sm:gap-0"
                    href={`/outbox/${mail.id}`}
                  >
                    <span class="min-w-0 grow">
                      <span class="block truncate font-semibold">{mail.subject}</span>
                      <span class="block truncate text-sm text-muted">{outbox.to(mail.to)}</span>
                    </span>
                    <time class="shrink-0 text-sm text-muted" datetime={mail.createdAt.toISOString()}>
                      {words.moment(mail.createdAt)}
                    </time>
                  </a>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </SiteLayout>
  )
}

/** One of them, as text; its links lead to this site at the address it is visited at. */
export function OutboxMailPage({ mail, baseUrl }: { mail: OutboxMail; baseUrl: string }) {
  const { outbox } = usePage().words.account
  return (
    <SiteLayout title={mail.subject} isTransient>
      <div class="shell pt-6 sm:pt-10">
        <article class="mx-auto flex max-w-2xl flex-col gap-5">
          <a class="text-link self-start" href="/outbox">
            {outbox.back}
          </a>
          <h1 class="page-title">{mail.subject}</h1>
          <p class="text-muted break-words">{outbox.to(mail.to)}</p>
          <div class="panel leading-relaxed break-words whitespace-pre-line">
            {pieces(mail.text).map((piece) =>
              isLink(piece) ? <Link link={piece} baseUrl={baseUrl} /> : piece,
            )}
          </div>
        </article>
      </div>
    </SiteLayout>
  )
}

function Link({ link, baseUrl }: { link: string; baseUrl: string }) {
  const isOurs = link.startsWith(`${baseUrl}/`)
  return (
    <a class="link-in-text" href={isOurs ? link.slice(baseUrl.length) : link} rel="noreferrer">
      {link}
    </a>
  )
}

const pieces = (text: string) => text.split(/(https?:\/\/[^\s<>]+)/)
const isLink = (piece: string) => /^https?:\/\//.test(piece)
