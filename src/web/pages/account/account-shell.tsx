import type { Child } from 'hono/jsx'
import { SiteLayout } from '../../layouts/site-layout.tsx'
import { usePage } from '../../render.tsx'

const PAGES = [
  ['overview', '/account'],
  ['details', '/account/details'],
  ['security', '/account/security'],
  ['data', '/account/data'],
] as const

interface AccountShellProps {
  current: (typeof PAGES)[number][0]
  children: Child
}

/** The pages of who has signed in. */
export function AccountShell({ current, children }: AccountShellProps) {
  const { account } = usePage().words
  return (
    <SiteLayout title={account.yourAccount} isTransient>
      <div class="shell pt-6 sm:pt-10">
        <div class="mx-auto flex max-w-3xl flex-col gap-6">
          <h1 class="page-title">{account.yourAccount}</h1>
          <nav class="chips" aria-label={account.navigation}>
            {PAGES.map(([page, address]) => (
              <a class="chip" href={address} {...(page === current && { 'aria-current': 'page' })}>
                {account[page]}
              </a>
            ))}
          </nav>
          {children}
        </div>
      </div>
    </SiteLayout>
  )
}
