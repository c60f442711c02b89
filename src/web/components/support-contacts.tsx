import { type ContactKind, contactKind } from '#src/services/support/contact-address.ts'
import { usePage } from '../render.tsx'

/** A discreet button in the corner with the owner's contacts; a list that opens without a script. */
export function SupportContacts() {
  const { words, site } = usePage()
  if (site.contacts.length === 0) return null
  return (
    <aside class="fixed end-4 bottom-4 z-10" aria-label={words.support.title}>
      <details class="group flex flex-col-reverse items-end">
        <summary class="icon-button ms-auto cursor-pointer list-none border border-line bg-surface shadow-lg [&::-webkit-details-marker]:hidden">
          <ContactIcon kind="support" />
          <span class="sr-only">{words.support.open}</span>
        </summary>
        <ul class="absolute end-0 bottom-14 max-h-[60dvh] w-max max-w-[calc(100vw-2rem)] overflow-y-auto rounded-2xl border border-line bg-surface p-2 shadow-lg">
          {site.contacts.map(({ platform, url }) => (
            <li>
              <a
                class="flex min-h-11 items-center gap-3 rounded-lg px-3 text-ink hover:bg-raised"
                href={url}
                rel="nofollow noopener noreferrer"
              >
                <ContactIcon kind={contactKind(platform)} />
                <bdi class="min-w-0 truncate">{platform}</bdi>
              </a>
            </li>
          ))}
        </ul>
      </details>
    </aside>
  )
}

/** Lines in a box of 24, with round ends. */
const PATHS: Record<ContactKind | 'support', string> = {
  support: 'M4 6h16v11h-9l-5 4v-4H4V6Zm4 4h8m-8 3h5',
  whatsapp:
    'M4 20l1.2-4.2a8 8 0 1 1 3 3L4 20Zm5-11.6c-.5 3 3.3 7 6.4 6.7l1-1.7-2.2-1.2-1 1c-1-.4-1.9-1.3-2.3-2.3l1-1-1.2-2.2L9 8.4Z',
  telegram: 'M21 4 3 11l6 2.2L11 20l3-4 4.5 3.5L21 4ZM9 13.2 17 8',
  email: 'M3 6h18v12H3V6Zm0 .5 9 7 9-7',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1',
}

function ContactIcon({ kind }: { kind: ContactKind | 'support' }) {
  return (
    <svg
      class="size-5 shrink-0"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[kind]} />
    </svg>
  )
}
