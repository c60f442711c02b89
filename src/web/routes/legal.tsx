import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import { NotFound } from '#src/errors.ts'
import { readSetting } from '#src/services/settings/settings.ts'
import type { AppEnv } from '../app-env.ts'
import { renderDocument } from '../markdown.ts'
import { LegalPage } from '../pages/legal-page.tsx'
import { allow } from '../policies.ts'
import { renderForEveryone } from '../render.tsx'
import type { SiteIdentitySource } from '../site-identity.ts'

const DOCUMENTS = ['terms', 'privacy'] as const

/** The owner's terms and privacy, open to everybody. */
export function legalRoutes({ database }: Pick<Deps, 'database'>, identity: SiteIdentitySource) {
  const routes = new Hono<AppEnv>()
  const rendered = new Map<string, { text: string } & ReturnType<typeof renderDocument>>()

  for (const name of DOCUMENTS) {
    routes.get(`/${name}`, allow('public'), async (c) => {
      const text = await readSetting(database.reader, name)
      if (text.trim() === '') throw new NotFound('There is no such page.')
      return renderForEveryone(
        c,
        await identity.fresh(),
        <LegalPage kind={name} {...documentOf(name, text)} />,
      )
    })
  }
  return routes

  /** Made once for each text. */
  function documentOf(name: string, text: string) {
    const known = rendered.get(name)
    if (known?.text === text) return known
    const made = { text, ...renderDocument(text) }
    rendered.set(name, made)
    return made
  }
}
