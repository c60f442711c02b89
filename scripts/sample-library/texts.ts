/** Captions of the short film, in WebVTT. */
export const captions = `WEBVTT

00:00.500 --> 00:03.000
Ninguém atravessa o deserto duas vezes.

00:03.400 --> 00:05.400
Na segunda vez, já é outro o deserto.

00:05.800 --> 00:07.800
E outro quem anda.
`

/** The kind of file that lies about in every media folder. */
export const shotList = `Quarteirões, lista de imagens
1: a praça vista do norte
2: a mesma praça, mais tarde
`
