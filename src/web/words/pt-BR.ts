import { datesIn } from './dates.ts'
import type { Dictionary } from './en.ts'
import { countedIn } from './plural.ts'

const counted = countedIn('pt-BR')

export const ptBR: Dictionary = {
  languageName: 'Português',
  date: datesIn('pt-BR', 'long'),
  shortDate: datesIn('pt-BR', 'medium'),

  counts: {
    posts: counted({ one: '# post', many: '# de posts', other: '# posts' }),
    pictures: counted({ one: '# foto', many: '# de fotos', other: '# fotos' }),
    videos: counted({ one: '# vídeo', many: '# de vídeos', other: '# vídeos' }),
    creators: counted({ one: '# criador', many: '# de criadores', other: '# criadores' }),
  },

  layout: {
    skipToContent: 'Ir para o conteúdo',
    mainNavigation: 'Principal',
    home: 'Início',
    creators: 'Criadores',
    language: 'Idioma',
    tagline: 'Fotos e vídeos, direto dos criadores',
  },

  search: {
    label: 'Buscar criadores e posts',
    placeholder: 'Buscar criadores',
    submit: 'Buscar',
    clear: 'Ver todos os criadores',
    resultsFor: (words) => `Resultados para “${words}”`,
    nothingFor: (words) => `Nada encontrado para “${words}”`,
    tryAnother: 'Confira a grafia ou tente uma palavra mais curta.',
  },

  home: {
    welcome: (siteName) => `Boas-vindas ao ${siteName}`,
    introduction: 'Acompanhe quem você gosta, abra os álbuns, assista aos vídeos. Em qualquer tela.',
    seeCreators: 'Ver criadores',
    openCreator: (name) => `Ver ${name}`,
    newest: 'Acabaram de chegar',
    biggest: 'Com mais posts',
    seeAll: 'Ver todos',
    seeAllNewest: 'Ver todos, dos mais novos aos mais antigos',
    seeAllBiggest: 'Ver todos, por número de posts',
    empty: 'Ainda não há criadores',
    emptyHint: 'Eles aparecem aqui assim que forem publicados.',
  },

  creators: {
    title: 'Criadores',
    order: 'Ordem',
    newestFirst: 'Mais novos',
    biggestFirst: 'Mais posts',
  },

  creator: {
    sponsored: 'Patrocinado',
    posts: 'Posts',
    noPosts: 'Ainda não há posts',
    noPostsHint: 'Volte em breve.',
  },

  post: {
    videos: 'Vídeos',
    pictures: 'Fotos',
    picture: (title, number, total) => `${title}, foto ${number} de ${total}`,
    openPicture: (number, total) => `Abrir a foto ${number} de ${total}`,
    video: (title, number, total) =>
      total === 1 ? `${title}, vídeo` : `${title}, vídeo ${number} de ${total}`,
    unplayable: (format) => `Navegadores não reproduzem arquivos ${format}`,
    unplayableHint: 'Baixe o vídeo e abra com um reprodutor como o VLC.',
    download: 'Baixar vídeo',
    browserWithoutVideo: 'Seu navegador não reproduz vídeos. Baixe o arquivo:',
    locked: 'Para assinantes',
    lockedTitle: 'Este post é para assinantes',
    lockedHint: (contents) => `Ele tem ${contents}.`,
    lockedSoon: 'As assinaturas ainda não abriram neste site. Volte em breve.',
    and: (first, second) => `${first} e ${second}`,
    moreOf: (name) => `Mais de ${name}`,
  },

  pages: {
    label: 'Páginas',
    previous: 'Anterior',
    next: 'Próxima',
    position: (page, total) => `Página ${page} de ${total}`,
    beyond: 'Não há nada nesta página',
    toFirst: 'Ir para a primeira página',
  },

  errors: {
    notFound: 'Esta página não existe',
    notFoundHint: 'Ela pode ter mudado de lugar, ou o endereço tem um erro de digitação.',
    forbidden: 'Este link não funciona mais',
    forbiddenHint: 'Links de fotos e vídeos expiram. Volte à página, recarregue e abra de novo.',
    unavailable: 'Voltamos já',
    unavailableHint: 'O site está recuperando o fôlego. Tente de novo em instantes.',
    invalid: 'Não deu certo',
    invalidHint: 'O site não entendeu este pedido. Volte e tente de novo.',
    failed: 'Algo deu errado',
    failedHint: 'A culpa é nossa, não sua. Tente de novo.',
    reference: (id) => `Referência: ${id}`,
    tryAgain: 'Tentar de novo',
    toHome: 'Ir para o início',
    toCreators: 'Ver criadores',
  },
}
