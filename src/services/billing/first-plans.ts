import type { Db } from '#src/db/index.ts'
import { readSetting } from '#src/services/settings/settings.ts'
import { addPlan, hasPlans, type PlanTerms } from './plans.ts'

/** What a first start offers (spec §4), in the language of the site; the owner changes it with `creatorflix plans`. */
const FIRST_PLANS: Record<'pt-BR' | 'en', PlanTerms[]> = {
  'pt-BR': [
    plan('Semana', 990, 7, ['Tudo liberado por 7 dias']),
    plan('Mês', 2_990, 30, ['Tudo liberado por 30 dias', 'Novidades assim que saem']),
    plan('Ano', 19_990, 365, [
      'Tudo liberado por um ano',
      'Novidades assim que saem',
      'O melhor preço por dia',
    ]),
  ],
  en: [
    plan('Week', 990, 7, ['Everything, for 7 days']),
    plan('Month', 2_990, 30, ['Everything, for 30 days', 'What is new as it comes']),
    plan('Year', 19_990, 365, ['Everything, for a year', 'What is new as it comes', 'The best price a day']),
  ],
}

/** Puts the first plans on sale where there never was one. */
export async function provideFirstPlans(db: Db): Promise<void> {
  if (await hasPlans(db)) return
  const language = await readSetting(db, 'language')
  for (const plan of FIRST_PLANS[language === 'en' ? 'en' : 'pt-BR']) await addPlan(db, plan)
}

function plan(name: string, priceCents: number, days: number, benefits: string[]): PlanTerms {
  const nothing = { ctaText: null, checkoutUrl: null }
  return { name, priceCents, days, benefits, ...nothing, acceptsPix: true, acceptsCard: true }
}
