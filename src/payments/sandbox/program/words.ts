import type { ChargeStatus } from '../../gateway.ts'

const en = {
  language: 'en',
  pretend: 'Sandbox',
  noRealMoney: 'Pretend money. Nothing is charged, and no bank knows of this.',
  card: {
    title: 'Pay by card',
    intro: 'A real gateway would ask for your card here. This one asks what should become of the payment.',
    pay: (amount: string) => `Pay ${amount}`,
    decline: 'Card declined',
    cancel: 'Cancel the payment',
    leave: 'Go back without paying',
  },
  bank: {
    title: 'Pretend bank',
    intro: 'Paste a PIX code of this sandbox to pay it, as in the app of a bank.',
    code: 'PIX code',
    go: 'Continue',
    notACode: 'This is not a whole PIX code. Copy it once more from the checkout.',
    unknown: 'This PIX code is not of this sandbox.',
    another: 'Pay another code',
  },
  pix: {
    title: 'Pay by PIX',
    receiver: 'To',
    amount: 'Amount',
    description: 'For',
    validFor: 'Valid for',
    minutes: (count: number) => (count === 1 ? '1 more minute' : `${count} more minutes`),
    pay: (amount: string) => `Pay ${amount}`,
    late: 'The code has expired. A slow bank may pay it all the same:',
    payLate: 'Pay late',
  },
  tell: {
    title: 'Try what can go wrong',
    question: 'How the site is told of it',
    normal: 'At once, as it should be',
    silence: 'Not at all',
    late: 'Ten seconds late',
    duplicate: 'Twice',
    'other amount': 'With a wrong amount',
  },
  status: {
    pending: 'Waiting for payment',
    paid: 'Paid',
    failed: 'Declined',
    expired: 'Expired',
    canceled: 'Canceled',
    refunded: 'Given back',
    charged_back: 'Charged back',
  } satisfies Record<ChargeStatus, string>,
  back: 'Back to the site',
  notFound: 'There is no such charge in this sandbox.',
}

export type Words = typeof en

const pt: Words = {
  language: 'pt-BR',
  pretend: 'Sandbox',
  noRealMoney: 'Dinheiro de mentira. Nada é cobrado, e nenhum banco fica sabendo.',
  card: {
    title: 'Pagar com cartão',
    intro:
      'Um gateway de verdade pediria seu cartão aqui. Este pergunta o que deve acontecer com o pagamento.',
    pay: (amount) => `Pagar ${amount}`,
    decline: 'Cartão recusado',
    cancel: 'Cancelar o pagamento',
    leave: 'Voltar sem pagar',
  },
  bank: {
    title: 'Banco de mentira',
    intro: 'Cole um código Pix deste sandbox para pagar, como no aplicativo de um banco.',
    code: 'Código Pix',
    go: 'Continuar',
    notACode: 'Este não é um código Pix inteiro. Copie de novo no checkout.',
    unknown: 'Este código Pix não é deste sandbox.',
    another: 'Pagar outro código',
  },
  pix: {
    title: 'Pagar com Pix',
    receiver: 'Para',
    amount: 'Valor',
    description: 'Referente a',
    validFor: 'Válido por',
    minutes: (count) => (count === 1 ? 'mais 1 minuto' : `mais ${count} minutos`),
    pay: (amount) => `Pagar ${amount}`,
    late: 'O código expirou. Um banco lento pode pagar mesmo assim:',
    payLate: 'Pagar com atraso',
  },
  tell: {
    title: 'Testar o que pode dar errado',
    question: 'Como o site fica sabendo',
    normal: 'Na hora, como deve ser',
    silence: 'Não fica sabendo',
    late: 'Dez segundos depois',
    duplicate: 'Duas vezes',
    'other amount': 'Com um valor errado',
  },
  status: {
    pending: 'Aguardando pagamento',
    paid: 'Pago',
    failed: 'Recusado',
    expired: 'Expirado',
    canceled: 'Cancelado',
    refunded: 'Devolvido',
    charged_back: 'Contestado',
  },
  back: 'Voltar ao site',
  notFound: 'Não há essa cobrança neste sandbox.',
}

/** By what the address says, else by what the browser likes best of the two. */
export function wordsFor(asked: string | null, accepted: string | null): Words {
  if (asked) return asked.toLowerCase().startsWith('pt') ? pt : en
  return preferred(accepted ?? '') === 'pt' ? pt : en
}

function preferred(accepted: string): string | undefined {
  const languages = accepted.split(',').map((entry) => {
    const [tag = '', ...rest] = entry.trim().toLowerCase().split(';')
    const quality = rest.find((parameter) => parameter.trim().startsWith('q='))
    return { base: tag.split('-')[0], quality: quality ? Number(quality.trim().slice(2)) : 1 }
  })
  return languages
    .filter(({ base, quality }) => (base === 'pt' || base === 'en') && quality > 0)
    .sort((left, right) => right.quality - left.quality)[0]?.base
}
