import {
  type Artwork,
  banner,
  icon,
  landscape,
  note,
  oldClip,
  portrait,
  small,
  square,
  squareClip,
  tallClip,
  wideClip,
} from './artwork.ts'
import { range } from './curves.ts'
import { cups, doughnuts, layerCake, loaves, oneCup } from './scenes/bakery.ts'
import { bloom, branch, fern, herbarium, monstera } from './scenes/botanical.ts'
import { dunes, reel, screening, wetStreet } from './scenes/cinema.ts'
import { eye, soundRidges, stage, warpedRings } from './scenes/concert.ts'
import { dancer, leapMark, orbit, veils } from './scenes/dance.ts'
import { block, cubeMark, stairs, town } from './scenes/isometric.ts'
import { contours, dawn, day, dusk, forest, night, pineMark, waterfall } from './scenes/mountains.ts'
import { domeMark, lunation, milkyWay, moonOn, planet, starTrails } from './scenes/night-sky.ts'
import { creases, flock, mobile, oneCrane } from './scenes/origami.ts'
import { mark, plate, shelves, stillLife, wheel } from './scenes/pottery.ts'
import { broadcast, halftone, quarters, vinyl } from './scenes/radio.ts'
import { crestMark, quiver, shore, sunset } from './scenes/surf.ts'
import { detail, roseMark, turning, wall } from './scenes/tilework.ts'
import { A_MINOR_NINE, C_ADDED_NINE, D_SUSPENDED, F_MAJOR_SEVEN } from './sound.ts'
import { captions, shotList } from './texts.ts'

export interface Creator {
  folder: string
  /** What lies in the folder, by key. */
  files: Readonly<Record<string, Artwork>>
}

/** A lunar month in so many nights, from full moon to full moon. */
const NIGHTS = 24

/**
 * The fictional creators of the sample library. Between them they show every shape a key may have:
 * accents, spaces, `&` and `#`, deeper folders, files without a post, a long post whose names only sort
 * naturally, a post of clips alone, a clip no browser plays, and files the sync leaves out.
 */
export const catalogue: readonly Creator[] = [
  {
    folder: 'Escola Luz de Cinema',
    files: {
      'profile/icon.webp': icon(reel),
      'profile/banner.webp': banner(dunes, 2),
      'profile/cover.webp': portrait(dunes),
      '2023-11-arquivo_super_8/quadro.jpg': landscape(wetStreet),
      '2023-11-arquivo_super_8/rolo 14.avi': oldClip(wetStreet, 4),
      '2024-03-planos_gerais/1.webp': landscape(dunes),
      '2024-03-planos_gerais/2.webp': landscape(dunes),
      '2024-03-planos_gerais/3.webp': portrait(dunes),
      '2024-06-ruas_molhadas/1.webp': landscape(wetStreet),
      '2024-06-ruas_molhadas/2.webp': portrait(wetStreet),
      '2024-06-ruas_molhadas/3.webp': landscape(wetStreet),
      '2024-09-a_travessia/film.mp4': wideClip(dunes, 8, A_MINOR_NINE),
      '2024-09-a_travessia/film.vtt': note(captions),
      '2024-09-a_travessia/cartaz.webp': portrait(dunes),
      '2025-02-sala_escura/1.webp': landscape(screening),
      '2025-02-sala_escura/2.webp': square(reel),
      '2025-02-sala_escura/sessão.mp4': wideClip(screening, 6),
    },
  },
  {
    folder: 'Os Camaleões',
    files: {
      'profile/icon.webp': icon(eye),
      'profile/banner.webp': banner(stage),
      '2024-05-summer_tour/1.webp': landscape(stage),
      '2024-05-summer_tour/2.webp': landscape(stage),
      '2024-05-summer_tour/3.webp': portrait(stage),
      '2024-05-summer_tour/encore.mp4': tallClip(stage, 6, D_SUSPENDED),
      '2024-10-cartazes/1.webp': portrait(warpedRings),
      '2024-10-cartazes/2.webp': portrait(warpedRings),
      '2024-10-cartazes/3.webp': portrait(eye, 2),
      '2025-04-segundo_disco/capa.webp': square(eye),
      '2025-04-segundo_disco/contracapa.webp': square(soundRidges),
      '2025-04-segundo_disco/encarte.webp': square(warpedRings),
      '2025-04-segundo_disco/faixa 1.mp4': squareClip(soundRidges, 6, A_MINOR_NINE),
    },
  },
  {
    folder: 'Ateliê da Júlia',
    files: {
      'profile/icon.webp': icon(mark),
      'profile/banner.webp': banner(shelves),
      '2023-10-primeira_fornada/1.webp': portrait(stillLife),
      '2023-10-primeira_fornada/2.webp': portrait(stillLife),
      '2023-10-primeira_fornada/3.webp': square(stillLife),
      '2023-10-primeira_fornada/4.webp': portrait(stillLife),
      '2024-02-prateleiras/1.webp': landscape(shelves),
      '2024-02-prateleiras/2.webp': portrait(shelves),
      '2024-07-pratos/1.webp': square(plate),
      '2024-07-pratos/2.webp': square(plate),
      '2024-07-pratos/3.webp': square(plate),
      '2025-03-no_torno/torno.mp4': wideClip(wheel, 7, F_MAJOR_SEVEN),
      '2025-03-no_torno/depois.webp': landscape(stillLife),
    },
  },
  {
    folder: 'Maré Alta Surf Club',
    files: {
      'profile/icon.webp': icon(crestMark),
      'profile/banner.webp': banner(sunset),
      'profile/cover.webp': portrait(sunset),
      '2024-01-fim_de_tarde/1.webp': landscape(sunset),
      '2024-01-fim_de_tarde/2.webp': portrait(sunset),
      '2024-01-fim_de_tarde/3.webp': landscape(sunset),
      '2024-04-vista_do_alto/1.webp': landscape(shore),
      '2024-04-vista_do_alto/2.webp': square(shore),
      '2024-04-vista_do_alto/maré.mp4': wideClip(shore, 6, C_ADDED_NINE),
      '2024-11-pranchas/1.webp': landscape(quiver),
      '2024-11-pranchas/2.webp': square(quiver, 2),
      '2025-05-swell_de_maio/1.webp': landscape(sunset),
      '2025-05-swell_de_maio/swell.mp4': tallClip(sunset, 6, F_MAJOR_SEVEN),
    },
  },
  {
    folder: 'Padaria & Café Aurora',
    files: {
      'profile/icon.webp': icon(oneCup),
      'profile/banner.webp': banner(doughnuts),
      '2023-12-pães_da_madrugada/1.webp': landscape(loaves),
      '2023-12-pães_da_madrugada/2.webp': square(loaves),
      '2023-12-pães_da_madrugada/3.webp': portrait(loaves, 2),
      '2024-05-rosquinhas/1.webp': square(doughnuts, 2),
      '2024-05-rosquinhas/2.webp': portrait(doughnuts, 2),
      'Bolos & festas/1.webp': portrait(layerCake),
      'Bolos & festas/2.webp': square(layerCake),
      'Bolos & festas/3.webp': portrait(layerCake),
      '2025-01-latte_art/1.webp': landscape(cups),
      '2025-01-latte_art/2.webp': square(oneCup, 2),
      '2025-01-latte_art/giro.mp4': squareClip(oneCup, 5),
    },
  },
  {
    folder: 'Observatório do Pico',
    files: {
      'profile/icon.webp': icon(domeMark),
      'profile/banner.webp': banner(milkyWay),
      '2024-06-rastros/1.webp': landscape(starTrails),
      '2024-06-rastros/2.webp': portrait(starTrails),
      ...Object.fromEntries(
        range(NIGHTS).map((night) => [
          `2024-10-um_mês_de_lua/${night + 1}.jpg`,
          small(moonOn(((night + 0.5) / NIGHTS + 0.5) % 1)),
        ]),
      ),
      '2024-12-planetas/1.webp': square(planet, 2),
      '2024-12-planetas/2.webp': landscape(planet, 4),
      '2024-12-planetas/3.webp': square(planet, 3),
      '2024-12-planetas/lunação.mp4': squareClip(lunation, 8, D_SUSPENDED),
      '2025-02-via_láctea/1.webp': portrait(milkyWay),
      '2025-02-via_láctea/2.webp': landscape(milkyWay),
      '2025-02-via_láctea/3.webp': portrait(milkyWay),
    },
  },
  {
    folder: 'Companhia Vento',
    files: {
      'profile/icon.webp': icon(leapMark),
      'profile/banner.webp': banner(veils),
      '2024-03-ensaio_aberto/1.webp': portrait(veils),
      '2024-03-ensaio_aberto/2.webp': landscape(veils),
      '2024-03-ensaio_aberto/3.webp': portrait(veils),
      '2024-08-estudos_de_movimento/1.webp': portrait(dancer),
      '2024-08-estudos_de_movimento/2.webp': portrait(dancer),
      '2024-08-estudos_de_movimento/3.webp': square(dancer),
      '2025-04-três_danças/1 véu.mp4': wideClip(veils, 6, A_MINOR_NINE),
      '2025-04-três_danças/2 órbita.mp4': squareClip(orbit, 6, D_SUSPENDED),
      '2025-04-três_danças/3 solo.mp4': tallClip(dancer, 5, C_ADDED_NINE),
    },
  },
  {
    folder: 'Flora Nakamura',
    files: {
      'profile/icon.webp': icon(bloom),
      'profile/banner.webp': banner(herbarium),
      '2023-09-folhas/1.webp': portrait(branch),
      '2023-09-folhas/2.webp': portrait(branch),
      '2023-09-folhas/3.webp': portrait(monstera),
      '2024-02-samambaias/1.webp': portrait(fern),
      '2024-02-samambaias/2.webp': square(fern),
      '2024-10-flores_de_quintal/1.webp': portrait(bloom),
      '2024-10-flores_de_quintal/2.webp': portrait(bloom),
      '2024-10-flores_de_quintal/3.webp': square(bloom),
      '2025-03-herbário/1.webp': landscape(herbarium),
      '2025-03-herbário/2.webp': square(monstera),
      '2025-03-herbário/crescer.mp4': tallClip(branch, 6, F_MAJOR_SEVEN),
    },
  },
  {
    folder: 'Studio Isométrico',
    files: {
      'profile/icon.webp': icon(cubeMark),
      'profile/banner.webp': banner(town),
      '2024-04-bairros/1.webp': landscape(town),
      '2024-04-bairros/2.webp': portrait(town),
      '2024-04-bairros/3.webp': square(town),
      '2024-09-quarteirões/1.webp': square(block),
      '2024-09-quarteirões/2.webp': landscape(block),
      '2024-09-quarteirões/notes.txt': note(shotList),
      '2025-01-escadas/1.webp': landscape(stairs),
      '2025-01-escadas/2.webp': portrait(stairs),
      '2025-06-cidade_que_respira/cidade.mp4': wideClip(block, 5, C_ADDED_NINE),
      '2025-06-cidade_que_respira/1.webp': square(block),
    },
  },
  {
    folder: 'Rádio #9',
    files: {
      'profile/icon.webp': icon(vinyl),
      'profile/banner.webp': banner(quarters),
      '2024-02-lado_a/1.webp': square(vinyl, 2),
      '2024-02-lado_a/2.webp': square(vinyl, 6),
      '2024-07-retícula/1.webp': portrait(halftone),
      '2024-07-retícula/2.webp': square(halftone),
      '2024-07-retícula/3.webp': landscape(halftone),
      '2024-12-capas/1.webp': square(quarters),
      '2024-12-capas/2.webp': portrait(quarters),
      '2024-12-capas/3.webp': landscape(quarters),
      'Sessão #1 (ao vivo)/1.webp': portrait(broadcast),
      'Sessão #1 (ao vivo)/2.webp': landscape(broadcast),
      'Sessão #1 (ao vivo)/no ar.mp4': squareClip(vinyl, 5, D_SUSPENDED, 4),
    },
  },
  {
    folder: 'Trilhas do Sul',
    files: {
      'profile/icon.webp': icon(pineMark),
      'profile/banner.webp': banner(dawn),
      'profile/cover.webp': portrait(dusk),
      '2024-05-serra_do_mar/1.webp': landscape(dawn),
      '2024-05-serra_do_mar/2.webp': landscape(forest),
      '2024-05-serra_do_mar/3.webp': portrait(dusk),
      '2024-07-travessia/mapa.webp': square(contours),
      '2024-07-travessia/dia-1/manhã/1.webp': landscape(dawn),
      '2024-07-travessia/dia-1/tarde/1.webp': portrait(day),
      '2024-07-travessia/dia-2/1.webp': landscape(dusk),
      '2024-07-travessia/dia-2/noite/1.webp': landscape(night),
      '2025-02-cachoeiras/1.webp': portrait(waterfall),
      '2025-02-cachoeiras/2.webp': portrait(waterfall),
      '2025-02-cachoeiras/véu.mp4': tallClip(waterfall, 4),
      '2025-06-neblina/subida.mp4': wideClip(dawn, 7, A_MINOR_NINE),
      '2025-06-neblina/1.webp': landscape(forest),
    },
  },
  {
    folder: 'Azulejaria Sol',
    files: {
      'profile/icon.webp': icon(roseMark),
      'profile/banner.webp': banner(wall),
      '2023-08-fachadas/1.webp': square(wall, 2),
      '2023-08-fachadas/2.webp': square(wall),
      '2023-08-fachadas/3.webp': portrait(wall, 2),
      '2024-06-de_perto/1.webp': square(detail, 3),
      '2024-06-de_perto/2.webp': landscape(detail),
      '2025-04-giro/giro.mp4': squareClip(turning, 5),
      '2025-04-giro/1.webp': square(wall, 3),
    },
  },
  {
    folder: 'paper-birds',
    files: {
      'profile/icon.webp': icon(oneCrane),
      'profile/banner.webp': banner(flock),
      '1.webp': landscape(flock),
      '2.webp': square(oneCrane),
      '3.webp': portrait(mobile),
      'flight.mp4': wideClip(flock, 7, C_ADDED_NINE),
      '2024-09-thousand_cranes/1.webp': portrait(mobile),
      '2024-09-thousand_cranes/2.webp': landscape(flock),
      '2024-09-thousand_cranes/3.webp': portrait(flock),
      '2025-01-paper_study/1.webp': square(creases),
      '2025-01-paper_study/2.webp': landscape(creases),
      '2025-01-paper_study/3.webp': portrait(oneCrane),
    },
  },
]
